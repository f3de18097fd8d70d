"""How an error is told: one sentence and a hint on stderr, and an exit status."""

from dataclasses import dataclass
from typing import Final

DONE: Final = 0
FAILED: Final = 1
WRONG: Final = 2
INTERRUPTED: Final = 130


class UsageError(Exception):
    """The command was called in a way that cannot work; `hint` says what to do."""

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class WorkFailedError(Exception):
    """The command was right, but the work did not succeed; what is to be said has been said."""


@dataclass(frozen=True)
class Told:
    """An error as the reader meets it."""

    sentence: str
    hint: str
    status: int


def told(error: Exception) -> Told:
    """Return the sentence, hint and exit status of an error: 2 for wrong input, 1 for work that failed."""
    from engine import errors
    from operators.contract.errors import OperatorError
    from resources.errors import ResourceError

    hint = str(getattr(error, "hint", ""))
    wrong_input = (
        UsageError,
        errors.ConfigError,
        errors.DataError,
        errors.InvalidNameError,
        errors.NotFoundError,
        errors.PipelineError,
        errors.RunError,
        OperatorError,
        ResourceError,
    )
    if isinstance(error, wrong_input):
        return Told(str(error), hint, WRONG)
    if isinstance(error, errors.EngineError) and 400 <= getattr(error, "status", 0) < 500:  # noqa: PLR2004 - HTTP's
        return Told(str(error), hint, WRONG)
    if isinstance(error, errors.EngineError):
        return Told(str(error), hint, FAILED)
    if isinstance(error, FileNotFoundError | IsADirectoryError | PermissionError) and error.filename:
        return Told(f"{error.filename}: {error.strerror}.", "Check the path.", WRONG)
    first_line = (str(error).strip().splitlines() or [""])[0]
    sentence = f"Something unexpected happened: {type(error).__name__}: {first_line}"
    return Told(sentence, "Call it again with --debug to see where.", FAILED)
