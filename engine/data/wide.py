"""How many columns a file may have: each costs its reader a part of a millisecond, whatever it holds."""

from pathlib import Path

from engine.config import Settings
from engine.errors import UnreadableFileError


def most_columns() -> int:
    """Return how many a file may have; finding it out takes a millisecond."""
    return Settings().max_columns


def require_columns(count: int, path: Path, most: int | None = None) -> None:
    """Do nothing where a file may have so many columns.

    Args:
        count: Its columns, or those found so far.
        path: The file.
        most: How many it may have, for who asks for each row; `most_columns()` when None.

    Raises:
        UnreadableFileError: They are more than `TANDEM_MAX_COLUMNS`.
    """
    most = most_columns() if most is None else most
    if count > most:
        raise UnreadableFileError(
            f"{path.name} has {count} columns or more, and {most} are read at most.",
            hint="Write names and values as rows, or set TANDEM_MAX_COLUMNS higher.",
        )
