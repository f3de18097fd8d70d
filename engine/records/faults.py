"""Failures of the database, turned into sentences."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from engine.errors import RecordsError

# What the driver's message contains, what we say, what to do.
SENTENCES = (
    (
        "locked",
        "The records were locked by another process for more than a minute.",
        "Close the program that holds them (a backup, a database browser) and try again.",
    ),
    ("full", "The disk is full, so nothing was written to the records.", "Free some space and try again."),
    (
        "malformed",
        "The records are damaged.",
        "Stop the engine with `tandem down` and put a backup of records.db in its place.",
    ),
    (
        "not a database",
        "The records are damaged: the file is no database.",
        "Stop the engine with `tandem down` and put a backup of records.db in its place.",
    ),
    ("readonly", "The records cannot be written: the file is read-only.", "Check who owns the workspace."),
    ("read-only", "The records cannot be written: the file is read-only.", "Check who owns the workspace."),
    ("unable to open", "The records cannot be opened.", "Check that the workspace exists and is yours."),
    (
        "disk i/o",
        "The disk under the records failed.",
        "Check the disk, then start again; nothing is half-written.",
    ),
    ("no such table", "The records are not ones of Tandem.", "Check the records URL."),
    ("could not connect", "The records' server does not answer.", "Check TANDEM_RECORDS_URL and the server."),
    (
        "connection refused",
        "The records' server does not answer.",
        "Check TANDEM_RECORDS_URL and the server.",
    ),
)


@contextmanager
def sentences() -> Iterator[None]:
    """Turn whatever the database raises inside into one `RecordsError`.

    Raises:
        RecordsError: Anything the database refused.
    """
    try:
        yield
    except IntegrityError as error:
        raise RecordsError(
            "Another process wrote the same record a moment ago.", hint="Look again, then repeat if needed."
        ) from error
    except NoConnectionError as error:
        raise RecordsError("Too many read the records at once.", hint="Try again in a moment.") from error
    except DBAPIError as error:
        raise described(error) from error


def described(error: DBAPIError) -> RecordsError:
    """Return what the reader is told of a database error."""
    text = str(error.orig).lower()
    for pattern, sentence, hint in SENTENCES:
        if pattern in text:
            return RecordsError(sentence, hint=hint)
    return RecordsError(f"The records failed: {error.orig}.", hint="`tandem doctor` looks for the cause.")
