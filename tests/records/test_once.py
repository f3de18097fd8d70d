"""One effect per key, also where two write at the same time."""

import pytest

from engine.errors import RecordsError
from engine.records import jobs
from engine.records.jobs import JobRow
from engine.records.once import once


def test_who_comes_second_gets_what_the_first_has_written(records):
    """A database with many writers lets both look before either has written."""
    looked = []

    def find(connection):
        looked.append(connection)
        return None if len(looked) < 3 else jobs.asked_by(connection, "gesture")

    def ask(name):
        return once(records, find, lambda connection: jobs.add(connection, JobRow(name, "import", key="gesture")))

    assert ask("first").id == "first"
    assert ask("second").id == "first"


def test_a_write_that_is_refused_for_good_is_told(records):
    with records.write() as connection:
        jobs.add(connection, JobRow("taken", "import"))
    with pytest.raises(RecordsError, match="Another process wrote"):
        once(records, lambda _: None, lambda connection: jobs.add(connection, JobRow("taken", "import")))
