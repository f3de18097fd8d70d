"""From whatever went wrong in a worker to one sentence for the reader."""

import errno
import traceback

from engine.errors import EngineError, StoreError
from engine.runs.orders import Failure
from operators.contract.engine_errors import values_that_do_not_fit
from operators.contract.errors import CancelledError, OperatorError


class StageError(EngineError):
    """Something went wrong at a node; the cause says what."""


def failure_of(error: BaseException, stage: str) -> Failure:
    """Return what to tell of an error, and whether another attempt may help.

    What an operator refuses stays refused; what the machine could not do (memory, a file) may work the next time.
    """
    node = stage
    if isinstance(error, StageError) and error.__cause__ is not None:
        node, error = str(error), error.__cause__
    details = "".join(traceback.format_exception(error))[-8000:]
    sentence, hint, retryable = _told(error)
    field = error.field if isinstance(error, OperatorError) else ""
    return Failure(sentence=sentence, hint=hint, field=field, node=node, retryable=retryable, details=details)


def _told(error: BaseException) -> tuple[str, str, bool]:
    if isinstance(error, CancelledError):
        return "The run was cancelled.", "", False
    if isinstance(error, OperatorError | EngineError):
        return str(error), error.hint, isinstance(error, StoreError) and "disk" not in str(error)
    if isinstance(error, MemoryError):
        return "There was not enough memory.", "Use fewer rows, or the duckdb engine.", True
    if isinstance(error, OSError):
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        return ("The disk is full.", "Free space in the workspace.", False) if full else (_first_line(error), "", True)
    unfit = values_that_do_not_fit(error)
    if unfit is not None:
        return str(unfit), unfit.hint, False
    if type(error).__module__.startswith(("polars", "duckdb", "_duckdb", "narwhals", "pyspark")):
        return _first_line(error), "Look at the node's parameters and the types of its columns.", False
    return f"{type(error).__name__}: {_first_line(error)}", "See the log of the run.", False


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    sentence = (lines[0] if lines else type(error).__name__)[:300]
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
