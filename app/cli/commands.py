"""How a function becomes a command: `--workspace`, `--json` and `--debug` everywhere, errors told in one place."""

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.errors import INTERRUPTED, WorkFailedError, told
from app.cli.session import Session

Command = Callable[..., None]

_CONTEXT = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
_COMMON = (
    inspect.Parameter(
        "workspace",
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[
            Path | None,
            typer.Option(help="Folder of the workspace.", envvar="TANDEM_WORKSPACE", metavar="FOLDER"),
        ],
    ),
    inspect.Parameter(
        "json",
        inspect.Parameter.KEYWORD_ONLY,
        default=False,
        annotation=Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")],
    ),
    inspect.Parameter(
        "debug",
        inspect.Parameter.KEYWORD_ONLY,
        default=False,
        annotation=Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")],
    ),
)


def new_group(summary: str) -> typer.Typer:
    """Return an empty group of commands."""
    return typer.Typer(help=summary, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


def command(group: typer.Typer, name: str) -> Callable[[Command], Command]:
    """Return a decorator that adds a function, whose first argument is the session, to a group."""

    def register(function: Command) -> Command:
        group.command(name)(_with_common(function, _parameters(function)))
        return function

    return register


def default_command(group: typer.Typer, function: Command) -> None:
    """Run `function`, which takes only the session, where the group is called without a command."""

    def unless_invoked(session: Session, context: typer.Context) -> None:
        if context.invoked_subcommand is None:
            function(session)

    group.callback(invoke_without_command=True)(_with_common(unless_invoked, [], pass_context=True))


def root_options(root: typer.Typer) -> None:
    """Let the common options stand before the command, too; without a command, help is shown."""
    root.callback(no_args_is_help=True)(_with_common(lambda _session: None, []))


def _parameters(function: Command) -> list[inspect.Parameter]:
    """Return the parameters after the session, made keyword-only so that those with defaults may come first."""
    own = list(inspect.signature(function).parameters.values())[1:]
    return [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]


def _with_common(function: Command, parameters: list[inspect.Parameter], *, pass_context: bool = False) -> Command:
    def invoke(*, context: typer.Context, **arguments: Any) -> None:
        session = _session(context, {parameter.name: arguments.pop(parameter.name) for parameter in _COMMON})
        if pass_context:
            arguments["context"] = context
        guarded(session, lambda: function(session, **arguments))

    every = [_CONTEXT, *parameters, *_COMMON]
    invoke.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
    invoke.__annotations__ = {parameter.name: parameter.annotation for parameter in every}
    invoke.__doc__ = function.__doc__
    invoke.__name__ = function.__name__
    return invoke


def _session(context: typer.Context, given: dict[str, Any]) -> Session:
    """Return the session of this call, and keep it for a command below: `tandem --json runs` means its commands."""
    above = context.obj if isinstance(context.obj, Session) else Session()
    session = Session(
        workspace=given["workspace"] or above.workspace,
        json=given["json"] or above.json,
        debug=given["debug"] or above.debug,
    )
    context.obj = session
    return session


def guarded(session: Session, work: Callable[[], None]) -> None:
    """Do the work; tell an error in one sentence and leave with its status.

    Raises:
        typer.Exit: The work failed or was interrupted.
    """
    try:
        work()
    except (typer.Exit, typer.Abort):
        raise
    except WorkFailedError as failure:
        raise typer.Exit(1) from failure
    except KeyboardInterrupt as interruption:
        raise typer.Exit(INTERRUPTED) from interruption
    except BrokenPipeError:
        raise
    except Exception as error:  # the edge: whatever happens, a person reads one sentence
        if session.debug:
            raise
        story = told(error)
        sys.stderr.write(f"Error: {story.sentence}\n" + (f"Hint: {story.hint}\n" if story.hint else ""))
        raise typer.Exit(story.status) from error
