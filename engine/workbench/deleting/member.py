"""What every kind of thing that users make and delete has in common."""

import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from sqlalchemy import Connection

from engine.config import Workspace
from engine.errors import DeletionError
from engine.records.database import Records
from engine.records.deletions import UNDO_S, DeletionRow
from engine.stores.models import ModelStore

How = Literal["now", "breaks", "history"]
"""`now`: works with it at this moment; `breaks`: would not work without it; `history`: was made with it."""


@dataclass(frozen=True)
class Item:
    """One thing that can be deleted; `part` is its version or number, empty for the whole, `bytes` what it takes."""

    kind: str
    subject: str
    part: str = ""
    bytes: int = 0


@dataclass(frozen=True)
class User:
    """Something that uses what is to be deleted: what it is, its name, and how it does."""

    kind: str
    name: str
    how: How


@dataclass(frozen=True)
class Place:
    """Where things are kept.

    Args:
        workspace: Their folder.
        records: Their rows.
        models: Model versions.
    """

    workspace: Workspace
    records: Records
    models: ModelStore


class Member(ABC):
    """One kind of thing.

    Promises: `found` and `users` only read; what `found` names is hidden from every list once a row of the records
    names it; `remove` may be called any number of times, after any of which all that it has to remove is gone.

    Args:
        place: Where things are kept.
    """

    kind: ClassVar[str]
    numbered: ClassVar[bool] = True
    """Whether a number must never come again, so that the note of a deletion stays for good."""
    kept_s: ClassVar[float] = UNDO_S
    """Seconds for which a deletion can be taken back."""

    def __init__(self, place: Place) -> None:
        self.place = place

    @abstractmethod
    def found(self, connection: Connection, subject: str, parts: Sequence[str] | None) -> list[Item]:
        """Return what is called so, and what goes with it; `parts` are versions or numbers, all when None.

        Raises:
            NotFoundError: There is nothing of that name.
        """

    def require_seen(self, connection: Connection, item: Item, revision: float | None) -> None:
        """Do nothing where the thing is as it was shown; members that do not change have no revision.

        Raises:
            DeletionError: It was changed since.
        """
        del connection, item, revision

    def users(self, connection: Connection, items: Sequence[Item]) -> list[User]:
        """Return what uses these things."""
        del connection, items
        return []

    def is_used(self, connection: Connection, row: DeletionRow) -> bool:
        """Return whether something works with a thing that was deleted just then: its files wait until that ends."""
        del connection, row
        return False

    def hide(self, connection: Connection, item: Item) -> None:
        """Do what hides a thing beside the row in the records."""
        del connection, item

    def settle(self, item: Item, gesture: str) -> None:
        """Do what hides a thing outside the records, once they say that it is deleted; it may be done again."""
        del item, gesture

    def show_again(self, connection: Connection, item: Item, gesture: str) -> None:
        """Undo `hide` and `settle`."""
        del connection, item, gesture

    @abstractmethod
    def remove(self, row: DeletionRow) -> int | None:
        """Remove the files of a thing for good, and return how many bytes they took; None where it must wait."""

    def forget(self, connection: Connection, row: DeletionRow) -> None:
        """Remove from the records what a thing held there, but for its number."""
        del connection, row


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files under a folder; 0 where there is none."""
    if not path.is_dir() or path.is_symlink():
        return _bytes(path)
    return sum(_bytes(Path(folder) / name) for folder, _, names in os.walk(path) for name in names)


def _bytes(path: Path) -> int:
    try:
        facts = path.lstat()
    except OSError:  # it went meanwhile
        return 0
    return facts.st_size if stat.S_ISREG(facts.st_mode) else 0


def changed(what: str) -> DeletionError:
    """Return the refusal to delete something that is not as it was shown."""
    return DeletionError(
        f"{what} was changed since it was shown, so nothing was deleted.", hint="Look at it as it is now."
    )
