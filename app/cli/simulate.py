"""`tandem simulate`: how policies of placement do on a published trace."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.commands import command
from app.cli.errors import UsageError
from app.cli.session import Session

_COLUMNS = {
    "policy": "policy", "seed": "seed", "allocated %": "allocated_percent", "at 100 %": "allocated_percent_at_100",
    "first refusal %": "first_refusal_percent", "refused": "refused", "ms per task": "mean_decision_ms",
    "fallbacks": "fallbacks",
}  # fmt: skip


def register(root: typer.Typer) -> None:
    """Add the command."""
    command(root, "simulate")(simulate)


def simulate(  # noqa: PLR0913, PLR0917 - each is an option
    session: Session,
    pods: Annotated[Path, typer.Argument(help="Pods of an openb trace: CSV, also packed by gzip.", show_default=False)],
    nodes: Annotated[Path, typer.Option(help="Its nodes.", metavar="FILE", show_default=False)],
    inflate: Annotated[float, typer.Option(help="Ask for so many times the cluster's GPUs.")] = 1.3,
    policy: Annotated[str, typer.Option(help="Policies, with commas between.")] = "fgd,swarm",
    seed: Annotated[str, typer.Option(help="Seeds, with commas between.")] = "42",
    window: Annotated[int, typer.Option(help="Tasks that a searching policy sees at once.")] = 64,
    orders: Annotated[int, typer.Option(help="Orders that it tries of each window.")] = 256,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the allocation into this SVG or PNG file.", metavar="FILE")
    ] = None,
) -> None:
    """Place a trace that asks for more than the cluster has, and tell how much of it each policy makes use of."""
    from resources.scheduling.contest import Contest, check_policies, document_of
    from resources.scheduling.search import Effort
    from resources.scheduling.traces import read_openb

    policies, seeds = [name.strip() for name in policy.split(",")], _numbers(seed)
    check_policies(policies)
    contest = Contest(read_openb(pods, nodes), inflate, window, Effort(orders=max(1, orders)))
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


def _numbers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError as error:
        raise UsageError(f"The seeds {text!r} are not integers.", hint="Write 42, or 42,43,44.") from error


def _draw(documents: Any) -> Any:
    from app.cli.output import table

    rows = [documents] if isinstance(documents, dict) else documents
    return table(list(_COLUMNS), [[row[key] for key in _COLUMNS.values()] for row in rows])


def _plot(path: Path, curves: list[tuple[str, int, list[tuple[float, float]]]]) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for name, seed, curve in curves:
        axes.plot(*zip(*curve, strict=True), label=f"{name}, seed {seed}")
    axes.set_xlabel("Asked for, % of the cluster's GPUs")
    axes.set_ylabel("Allocated, %")
    axes.legend()
    try:
        figure.savefig(path)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The figure cannot be written: {error}", hint="Name a file that ends in svg or png."
        ) from error
