"""What is told where the disk has no room for a model."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.data.frames import is_disk_full
from engine.errors import StoreError


def is_full(error: BaseException) -> bool:
    """Return whether an error, of the system or of SQLite, says that no space is left."""
    return is_disk_full(error) or "disk is full" in str(error)


def no_room(place: Path, staged: Path | None = None) -> StoreError:
    """Return the error of a full disk.

    Args:
        place: Where room is needed.
        staged: Folder with what was to be kept; where it is named, so are its bytes.
    """
    if staged is None:
        return StoreError("The disk is full.", hint=f"Free space under {place}; nothing was kept.")
    needed = sum(path.stat().st_size for path in staged.rglob("*") if path.is_file())
    sentence = f"The disk is full: keeping the model needs about {needed} bytes."
    return StoreError(sentence, hint=f"Free space under {place}; nothing was kept.")


@contextmanager
def room_in(place: Path) -> Iterator[None]:
    """Tell of a disk that fills while files are made in a folder.

    Raises:
        StoreError: It is full.
    """
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise
        raise no_room(place) from error
