"""What only SQLite needs: pragmas, how a transaction begins, and how a change is noticed."""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, PoolProxiedConnection, create_engine, event
from sqlalchemy.exc import DBAPIError

BUSY_TIMEOUT_MS = 60_000
WRITES = "tandem_writes"

# synchronous=NORMAL: in WAL mode a commit survives kill -9 without an fsync; only the loss of power can take
# back the last commits, and never half of one. What is taken back is run again from its content-addressed
# inputs, while FULL would put two fsyncs (5-20 ms on a slow disk) into every node's path.
PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA synchronous=NORMAL",
)


def prepare(engine: Engine) -> None:
    """Set the pragmas on each new connection, and let each transaction say whether it will write."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def read_only_engine(url: URL, *, full: bool = False, **options: Any) -> Engine:
    """Return an engine that cannot write, and leaves no file beside the database.

    Where others have the database open, their log is read with it. Where nobody has, SQLite would make an empty
    log just to look; it is told that the file does not change, and asked anew for each transaction.

    Args:
        url: Of the database.
        full: There is no room on the disk for the index of a log, so that is kept in memory.
        options: More for the engine.
    """
    path = Path(str(url.database)).absolute()

    def connect() -> sqlite3.Connection:
        log = path.with_name(f"{path.name}-wal")
        alone = not log.exists() or (full and log.stat().st_size == 0)
        in_memory = full and not alone
        address = f"{path.as_uri()}?mode={'rw' if in_memory else 'ro'}{'&immutable=1' if alone else ''}"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        if in_memory:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA query_only=ON")
        return connection

    return create_engine("sqlite://", creator=connect, poolclass=NullPool, **options)


def data_version(connection: PoolProxiedConnection) -> int:
    """Return a number that changes whenever another connection has written.

    It asks the driver itself, in 5 microseconds: an idle engine asks seventy times a second, and a statement of
    SQLAlchemy in a transaction of its own takes ten times as long.

    Raises:
        DBAPIError: The database failed.
    """
    try:
        driver: Any = connection.driver_connection
        return int(driver.execute("PRAGMA data_version").fetchone()[0])
    except sqlite3.Error as error:
        statement = "PRAGMA data_version"
        raise DBAPIError(statement, None, error) from error


def integrity(connection: Connection) -> str:
    """Return `ok`, or the first thing that is wrong with the file."""
    return str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())


def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver would begin transactions behind our back
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    _use_a_log(cursor)
    cursor.close()


def _use_a_log(cursor: sqlite3.Cursor) -> None:
    """Set WAL mode, in turn: where several turn a new file to it at once, SQLite fails without any waiting."""
    latest = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > latest:
                raise
            time.sleep(0.01)
        else:
            return


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    # A deferred transaction that turns into a writer fails at once when another one wrote meanwhile;
    # an immediate one waits for its turn.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
