"""`tandem environments`: who may use how much of the machine, and who changed that."""

from typing import Annotated, Any

import typer

from app.cli.commands import command, default_command, new_group
from app.cli.errors import UsageError
from app.cli.session import Session

group = new_group("Environments: shares of the machine for training, tests and services.")
_KEYS = ("name", "policy", "scheduling", "level", "pool", "quota", "actor")

Name = Annotated[str, typer.Argument(metavar="ENVIRONMENT", help="Name of the environment.", show_default=False)]


@command(group, "list")
def list_environments(session: Session) -> None:
    """List the environments with their quotas, in ten-thousandths of devices and in bytes."""
    session.answer(session.bench.environments.list(), _draw)


@command(group, "show")
def show(session: Session, name: Name) -> None:
    """Show one environment, and what all of them may have together."""
    session.answer(session.bench.environments.show(name), lambda row: _draw([row]))


@command(group, "set")
def change(  # noqa: PLR0913, PLR0917 - each is an option
    session: Session,
    name: Name,
    policy: Annotated[str | None, typer.Option(help="elastic, mixed or fixed.")] = None,
    scheduling: Annotated[str | None, typer.Option(help="How its tasks get their shares, as best_fit or fgd.")] = None,
    level: Annotated[str | None, typer.Option(help="advisory, capped, partitioned or hardware.")] = None,
    cpu: Annotated[str | None, typer.Option(help="CPUs, as 1.5.")] = None,
    gpu: Annotated[str | None, typer.Option(help="GPUs, as 0.25 or 2.")] = None,
    memory: Annotated[str | None, typer.Option(help="Memory, as 4GiB.")] = None,
    pool: Annotated[
        str | None,
        typer.Option(help="Which devices it may have, by labels: model=A100 or kind=NPU; any for any GPU."),
    ] = None,
    project: Annotated[
        str | None, typer.Option(help="Let --cpu, --gpu and --memory be the most that this project may hold at once.")
    ] = None,
) -> None:
    """Change an environment; what runs in it ends first, and what is to start there waits until then.

    With --project alone, the project may hold everything again.
    """
    given = {"cpu": cpu, "gpu": gpu, "memory": memory}
    quota = {key: value for key, value in given.items() if value is not None}
    if not (quota or project or policy or scheduling or level or pool):
        raise UsageError("Nothing is to be changed.", hint="Name what: --cpu 1.5, --policy fixed, --scheduling fgd.")
    whose: dict[str, Any] = {"quota": quota} if project is None else {"projects": {project: quota or None}}
    labels = None if pool is None else _labels(pool)
    desk = session.bench.environments
    changed = desk.change(name, policy=policy, scheduling=scheduling, level=level, pool=labels, **whose)
    session.answer(changed, lambda row: _draw([row]))


@command(group, "history")
def history(
    session: Session, name: Annotated[str, typer.Argument(help="Of one environment only.", show_default=False)] = ""
) -> None:
    """Show who changed which environment when, newest first."""
    session.answer(session.bench.environments.history(name), _draw_history)


@command(group, "load")
def load(session: Session, name: Name) -> None:
    """Tell how much of an environment is expected to be taken in the next 24 hours, by what was taken before."""
    session.answer(session.bench.load(name), _draw_load)


default_command(group, list_environments)


def _labels(text: str) -> dict[str, str]:
    if text.strip() in ("any", ""):
        return {}
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(key.strip() and value.strip() for key, _, value in pairs):
        raise UsageError(f"The pool {text!r} cannot be read.", hint="Write model=A100, kind=NPU, or any.")
    return {key.strip(): value.strip() for key, _, value in pairs}


def _draw(rows: Any) -> Any:
    from app.cli.output import table

    return table(list(_KEYS), [[_told(key, row[key]) for key in _KEYS] for row in rows])


def _draw_history(rows: Any) -> Any:
    from app.cli.output import moment, table

    return table(
        ["at", "name", "actor", "what", "before", "after"],
        [
            [moment(row["at"]), row["name"], row["actor"], key, _told(key, before.get(key)), _told(key, after.get(key))]
            for row in rows
            for before, after in [(row["before"] or {}, row["after"] or {})]
            for key in {**before, **after}
            if before.get(key) != after.get(key)
        ],
    )


def _draw_load(found: Any) -> Any:
    from app.cli.output import moment, table

    parts = [("now", found["now"]), *((moment(hour["at"]), hour) for hour in found["hours"][1:])]
    units = ("cpu", "gpu", "memory")
    return table(["at", *units], [[at, *(f"{100 * part[unit]:.0f} %" for unit in units)] for at, part in parts])


def _told(key: str, value: Any) -> str:
    """Return a value in the units that people write."""
    from resources.shares import Amount

    if key == "quota" and value:
        return str(Amount.of_document(value))
    if key == "projects" and value:
        return "; ".join(f"{name}: {Amount.of_document(most)}" for name, most in value.items())
    if key == "pool":
        return ", ".join(f"{label}={one}" for label, one in (value or {}).items()) or "any GPU"
    return str(value or "-")
