"""The shape of the database: brought up to date at open, and never opened when newer than this code."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from engine.errors import ReadOnlyError, RecordsError
from engine.records import sqlite

SCRIPTS = Path(__file__).parent / "migrations"
_WRITE = "Open it once without TANDEM_READ_ONLY."


def revisions() -> list[str]:
    """Return the revisions this code knows, oldest first: the numbers that its scripts begin with."""
    return sorted(path.name[:4] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))


def ensure(engine: Engine, lock: Path, may_begin: Callable[[], None]) -> None:
    """Bring the database to the newest revision, one process at a time.

    Args:
        engine: Reaches the database.
        lock: A file that one process holds while it does so.
        may_begin: Raises where a database that is empty must not be filled.

    Raises:
        RecordsError: The database was written by a newer Tandem, or is not one of Tandem.
    """
    if _version(engine) == revisions()[-1]:
        return
    with _exclusive(lock):
        version = _version(engine)
        if version == revisions()[-1]:
            return
        if version is not None and version not in revisions():
            raise _newer(version)
        if version is None:
            may_begin()
        with engine.connect() as plain:
            connection = plain.execution_options(**{sqlite.WRITES: True})
            with connection.begin():
                _upgrade(connection)


def require_newest(engine: Engine, *, there: bool = True) -> None:
    """Check that the database can be read as it is.

    Args:
        engine: Reads the database.
        there: Whether there is one at all.

    Raises:
        RecordsError: The database was written by a newer Tandem, or is not one of Tandem.
        ReadOnlyError: There is none, or it would have to be changed first.
    """
    version = _version(engine) if there else None
    if version == revisions()[-1]:
        return
    if version is None:
        raise ReadOnlyError("There is nothing in this workspace yet, and read-only nothing can be made.", hint=_WRITE)
    if version not in revisions():
        raise _newer(version)
    raise ReadOnlyError("The records are of an older Tandem, and read-only they cannot be updated.", hint=_WRITE)


def _newer(version: str) -> RecordsError:
    return RecordsError(
        f"The records were written by a newer Tandem (revision {version}, known {revisions()[-1]}).",
        hint="Update Tandem, or open another workspace.",
    )


def _version(engine: Engine) -> str | None:
    """Return the revision of the database; None when it is empty."""
    with engine.begin() as connection:
        names = inspect(connection).get_table_names()
        if not names:
            return None
        if "alembic_version" not in names:
            raise RecordsError("The records are not ones of Tandem.", hint="Check the records URL.")
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
