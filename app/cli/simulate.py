"""`tandem simulate`: how policies of placement do on a published trace."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.commands import command
from app.cli.errors import UsageError
from app.cli.session import Session

if TYPE_CHECKING:
    from resources.scheduling.traces import Trace

_COLUMNS = {
    "policy": "policy", "seed": "seed", "allocated %": "allocated_percent", "at 100 %": "allocated_percent_at_100",
    "first refusal %": "first_refusal_percent", "refused": "refused", "ms per task": "mean_decision_ms",
    "fallbacks": "fallbacks", "free % unusable": "fragmented_percent_of_free",
}  # fmt: skip


def register(root: typer.Typer) -> None:
    """Add the command."""
    command(root, "simulate")(simulate)


def simulate(  # noqa: PLR0913, PLR0917 - each is an option
    session: Session,
    pods: Annotated[
        Path,
        typer.Argument(
            help="Jobs of a trace: openb, Helios, PAI 2020 or Pollux, as CSV, also packed by gzip.", show_default=False
        ),
    ],
    nodes: Annotated[Path | None, typer.Option(help="Its machines, as openb lists them.", metavar="FILE")] = None,
    cluster: Annotated[
        str, typer.Option(help="The machines in short instead, as 133x8:V100:48:376GiB,20x2:T4.", metavar="TEXT")
    ] = "",
    inflate: Annotated[float, typer.Option(help="Ask for so many times the cluster's GPUs.")] = 1.3,
    policy: Annotated[str, typer.Option(help="Policies, with commas between.")] = "fgd,swarm",
    seed: Annotated[str, typer.Option(help="Seeds, with commas between.")] = "42",
    window: Annotated[int, typer.Option(help="Tasks that a searching policy sees at once.")] = 64,
    orders: Annotated[int, typer.Option(help="Orders that it tries of each window.")] = 256,
    load: Annotated[
        float | None, typer.Option(help="Let tasks come and go over time, at this load of the GPUs, as 0.9.")
    ] = None,
    every: Annotated[int, typer.Option(help="With --load: take only every so many-th machine.", min=1)] = 1,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the allocation into this SVG or PNG file.", metavar="FILE")
    ] = None,
) -> None:
    """Place a trace that asks for more than the cluster has, and tell how much of it each policy makes use of.

    The format is told by the names of the columns. With --load, tasks come and go over time: waiting by priority,
    slowdown and preemptions are told. Policies are then those of environments, as fifo, best_fit, fgd, las, fair_share,
    forecast and swarm.
    """
    from resources.scheduling.contest import Contest, check_policies, document_of
    from resources.scheduling.search import Effort
    from resources.scheduling.traces import read_trace

    policies, seeds = [name.strip() for name in policy.split(",")], _numbers(seed)
    trace = read_trace(pods, nodes, cluster)
    if load is not None:
        session.answer(_over_time(session, trace, policies, seeds, load, every, plot), _draw_times)
        return
    check_policies(policies)
    contest = Contest(trace, inflate, window, Effort(orders=max(1, orders)))
    documents, curves = [], []
    for one in seeds:
        for name in policies:
            found, fallbacks, ratio = contest.run(name, one)
            documents.append(document_of(name, one, found, fallbacks, ratio))
            curves.append((name, one, found.curve))
            session.tell(f"{name}, seed {one}: {found.allocated:.2f} % of the GPUs")
    if plot is not None:
        _plot(plot, curves)
    session.answer(documents[0] if len(documents) == 1 else documents, _draw)


def _over_time(
    session: Session,
    trace: "Trace",
    policies: list[str],
    seeds: list[int],
    load: float,
    every: int,
    plot: Path | None,
) -> Any:
    from resources.scheduling.outcomes import outcome
    from resources.scheduling.policies import policy_of
    from resources.scheduling.pool import Setup
    from resources.scheduling.replay import Replay
    from resources.scheduling.timed import Learned, timed

    chosen = [policy_of(name) for name in policies]
    machines = trace.machines[::every]
    documents = []
    for one in seeds:
        arrivals = timed(trace.jobs, machines, load, one)
        for policy in chosen:
            replay = Replay({"train": Setup(machines, "elastic", policy.name)}, forecast=Learned())
            found = replay.run(arrivals)
            documents.append(outcome(policy.name, one, load, sum(len(m.gpus) for m in machines), found))
            session.tell(f"{policy.name}, seed {one}: {documents[-1]['job_s']['mean']:.0f} s a job")
    if plot is not None:
        _plot_times(plot, documents)
    return documents[0] if len(documents) == 1 else documents


def _numbers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError as error:
        raise UsageError(f"The seeds {text!r} are not integers.", hint="Write 42, or 42,43,44.") from error


def _draw(documents: Any) -> Any:
    from app.cli.output import table

    rows = [documents] if isinstance(documents, dict) else documents
    return table(list(_COLUMNS), [[row[key] for key in _COLUMNS.values()] for row in rows])


def _draw_times(documents: Any) -> Any:
    from app.cli.output import table

    rows = [documents] if isinstance(documents, dict) else documents
    waits = sorted({priority for row in rows for priority in row["wait_s"]}, reverse=True)
    heads = ["policy", "seed", "job s", *(f"p99 wait s, priority {one}" for one in waits)]
    heads += ["p99 slowdown", "preemptions", "allocated %", "ms p99"]
    return table(
        heads,
        [
            [
                row["policy"], row["seed"], round(row["job_s"]["mean"]),
                *(round(row["wait_s"].get(one, {}).get("p99", 0)) for one in waits),
                round(row["slowdown"]["p99"], 1), row["preemptions"], round(row["allocated_percent"], 1),
                round(row["decision_ms"]["p99"], 2),
            ]
            for row in rows
        ],
    )  # fmt: skip


def _plot_times(path: Path, documents: list[dict[str, Any]]) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 7), layout="constrained")
    (waiting, slow, paused), (allocated, deciding, jobs) = figure.subplots(2, 3)
    labels = [f"{one['policy']}, seed {one['seed']}" for one in documents]
    for priority in sorted({name for one in documents for name in one["wait_s"]}):
        values = [one["wait_s"].get(priority, {}).get("p99", 0.0) for one in documents]
        waiting.plot(labels, values, "o-", label=f"priority {priority}")
    waiting.set_ylabel("Wait, p99, s")
    waiting.legend()
    bars = (
        (slow, "Slowdown, p99", [one["slowdown"]["p99"] for one in documents]),
        (paused, "Preemptions", [one["preemptions"] for one in documents]),
        (allocated, "Allocated, %", [one["allocated_percent"] for one in documents]),
        (deciding, "Decision, p99, ms", [one["decision_ms"]["p99"] for one in documents]),
        (jobs, "Time of a job, mean, s", [one["job_s"]["mean"] for one in documents]),
    )
    for axes, title, values in bars:
        axes.bar(labels, values)
        axes.set_ylabel(title)
    for axes in (waiting, *(axes for axes, *_ in bars)):
        axes.tick_params(axis="x", rotation=45)
    _save(figure, path)


def _plot(path: Path, curves: list[tuple[str, int, list[tuple[float, float]]]]) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for name, seed, curve in curves:
        axes.plot(*zip(*curve, strict=True), label=f"{name}, seed {seed}")
    axes.set_xlabel("Asked for, % of the cluster's GPUs")
    axes.set_ylabel("Allocated, %")
    axes.legend()
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    try:
        figure.savefig(path)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The figure cannot be written: {error}", hint="Name a file that ends in svg or png."
        ) from error
