"""One effect per key: whoever asks twice with the same key gets what the first asked for."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from engine.errors import RecordsError
from engine.records.database import Records

Row = TypeVar("Row")
_TRIES = 5  # two who write at the same time may also have taken the same number


def once(records: Records, find: Callable[[Connection], Row | None], add: Callable[[Connection], Row]) -> Row:
    """Return what `find` gives; where that is nothing, what `add` writes.

    On a database that lets two write at the same time, the one that comes second finds what the first has written.

    Raises:
        RecordsError: The records failed.
    """
    for left in reversed(range(_TRIES)):
        try:
            with records.write() as connection:
                return find(connection) or add(connection)
        except RecordsError as error:
            if not left or not isinstance(error.__cause__, IntegrityError):
                raise
    raise AssertionError  # the last try returned or raised
