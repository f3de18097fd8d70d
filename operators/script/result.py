"""The table that a script has left: measured in another process before it is unpacked in this one."""

import stat
from pathlib import Path

import polars as pl

from operators.children import folders
from operators.children.child import Ending, Limits
from operators.children.settings import MIB
from operators.children.warm import CHILDREN
from operators.contract.errors import UserCodeError

MEASURED_WITHIN_S = 600.0


def result_of(path: Path, limits: Limits) -> pl.DataFrame:
    """Return the rows of an Arrow file that a script wrote.

    Args:
        path: The file; it is moved away first, so that nothing a script left behind can change it.
        limits: Of the script: unpacked, its result may take no more than its memory.

    Raises:
        UserCodeError: It is no table, or too large when unpacked.
    """
    with folders.folder() as own:
        file = own / "out.arrow"
        try:
            path.rename(file)
            found = file.lstat()
            if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
                raise _unreadable()
            _require_fitting(file, limits)
            return pl.read_ipc(file.read_bytes())
        except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            raise _unreadable() from error


def _require_fitting(file: Path, limits: Limits) -> None:
    request = {"do": "measure", "path": str(file), "most": limits.memory_bytes}
    found = CHILDREN.work(request, Limits(MEASURED_WITHIN_S, limits.memory_bytes + 512 * MIB))
    if isinstance(found, Ending):
        found = {"refused": "size" if found.how in ("memory", "late") else "error"}
    if found.get("refused") == "size":
        raise UserCodeError(
            f"The script's result takes more than {limits.memory_bytes // MIB} MiB when it is unpacked.",
            hint="Return fewer rows or columns, or set memory_mb.",
            field="memory_mb",
        )
    if "refused" in found:
        raise _unreadable()


def _unreadable() -> UserCodeError:
    return UserCodeError("The script's result cannot be read.", hint="Return a plain DataFrame.", field="code")
