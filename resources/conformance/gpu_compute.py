"""Checks of compute on a GPU: turns by share, two halves, a service's tail, parts of the multiprocessors."""

import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from resources.conformance.players import Player, together
from resources.conformance.trial import PARTS, Trial

TOLERANCE = 0.1
"""Part by which a ratio, or the tail of a service, may differ."""
WHOLE = 0.95
"""Part of the speed of one training that two halves are to reach together."""


def compute_by_share(trial: Trial) -> tuple[bool, str]:
    """Two trainings with 0.25 and 0.75, ungated and gated; the gate is to divide 1:3 within a tenth."""
    free = _rates([None, None], trial.seconds)
    gated = _rates([0.25, 0.75], trial.seconds)
    ratio, without = gated[1] / gated[0], free[1] / free[0]
    trial.figures["shares"] = {"ungated": free, "gated": gated, "ratio": ratio, "ungated_ratio": without}
    return abs(ratio / 3 - 1) <= TOLERANCE, f"The gate divided 1:{ratio:.2f} (without it 1:{without:.2f})."


def halves_are_a_whole(trial: Trial) -> tuple[bool, str]:
    """Two trainings with a half each are to reach together 95 % of one alone."""
    alone = _rates([None], trial.seconds)[0]
    gated = _rates([0.5, 0.5], trial.seconds)
    free = _rates([None, None], trial.seconds)
    together_, apart = sum(gated) / alone, sum(free) / alone
    trial.figures["halves"] = {
        "alone": alone,
        "gated": gated,
        "ungated": free,
        "gated_part": together_,
        "ungated_part": apart,
    }
    return together_ >= WHOLE, (
        f"Two halves reached {together_:.1%} of one alone, {gated[0] / alone:.1%} and {gated[1] / alone:.1%} "
        f"(without the gate {apart:.1%})."
    )


def service_beside_training(trial: Trial) -> tuple[bool, str]:
    """A service of 8 ms requests, 50 a second, alone and beside a training; its p99 is to rise by a tenth at most."""
    serve = {"repeats": 40, "rate": 50}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "gate"))
        first = {"path": path, "weight": 0.5, "priority": 1}
        rest = {"path": path, "weight": 0.5}
        cases: dict[str, list[tuple[str, dict[str, Any]]]] = {
            "alone": [("serve", {**serve, "gate": first})],
            "gated": [("serve", {**serve, "gate": first}), ("train", {"repeats": 2, "gate": rest})],
            "gated, steps of 5 ms": [("serve", {**serve, "gate": first}), ("train", {"repeats": 25, "gate": rest})],
            "ungated": [("serve", serve), ("train", {"repeats": 2, "every": 10})],
        }
        told = {}
        for name, parts in cases.items():
            with ExitStack() as stack:
                players = [stack.enter_context(Player(PARTS, part, **values)) for part, values in parts]
                answers = together(players, 3 * trial.seconds)
            latencies = answers[0]["latencies"]
            told[name] = {"p50": _percentile(latencies, 50), "p99": _percentile(latencies, 99), "products": 0.0}
            if len(answers) > 1:
                told[name]["products"] = answers[1]["steps"] * parts[1][1]["repeats"] / answers[1]["seconds"]
    trial.figures["service"] = told
    rise = {name: one["p99"] / told["alone"]["p99"] - 1 for name, one in told.items() if name != "alone"}
    return rise["gated"] <= TOLERANCE, (
        f"The p99 of {told['alone']['p99']:.2f} ms alone rose by {rise['gated']:.1%} beside a training that passes "
        f"the gate every 0.4 ms, by {rise['gated, steps of 5 ms']:.1%} where its steps take 5 ms, "
        f"by {rise['ungated']:.1%} without the gate."
    )


def multiprocessors(trial: Trial) -> tuple[bool | None, str]:
    """Work in green contexts of several sizes: a tool of one process, which reserves nothing against others."""
    with Player(PARTS, "multiprocessors", repeats=10) as player:
        [answer] = together([player], trial.seconds)
    trial.figures["green_contexts"] = answer
    if "rates" not in answer:
        return None, f"Green contexts are unsupported here: {answer.get('unsupported', 'no answer')}"
    rates = {int(count): rate for count, rate in answer["rates"].items() if rate > 0}
    told = ", ".join(f"{count}: {rate:.0f}" for count, rate in rates.items())
    grows = list(rates.values()) == sorted(rates.values())
    return grows, f"Products a second by multiprocessors: {told}."


def _rates(weights: list[float | None], seconds: float) -> list[float]:
    """Return the steps a second of trainings that run together; a weight of None passes no gate."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = str(Path(folder, "gate"))
        gates = [None if weight is None else {"path": path, "weight": weight} for weight in weights]
        players = [stack.enter_context(Player(PARTS, "train", repeats=25, gate=gate)) for gate in gates]
        return [answer["steps"] / answer["seconds"] for answer in together(players, seconds)]


def _percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
