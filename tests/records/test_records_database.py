"""The door to the records: transactions, other processes, and everything that can be wrong with the file."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from engine.config import Workspace
from engine.errors import RecordsError
from engine.records import Records, sqlite
from engine.records.settings import put_setting, setting

WRITER = """
import sys
from engine.config import Workspace
from engine.records import Records
from engine.records.settings import put_setting
records = Records.open(Workspace.at(sys.argv[1], records_url=sys.argv[2]))
for number in range(200):
    with records.write() as connection:
        put_setting(connection, f"{sys.argv[3]}-{number}", number)
"""


def kept(records, key):
    with records.read() as connection:
        return setting(connection, key)


def keep(records, key, value):
    with records.write() as connection:
        put_setting(connection, key, value)


def test_a_write_is_kept_as_a_whole_or_not_at_all(records):
    with contextlib.suppress(KeyError), records.write() as connection:
        put_setting(connection, "a", 1)
        raise KeyError
    assert kept(records, "a") is None


def test_a_reader_sees_one_moment(records):
    keep(records, "a", 1)
    with records.read() as connection:
        assert setting(connection, "a") == 1
        keep(records, "a", 2)
        assert setting(connection, "a") == 1
    assert kept(records, "a") == 2


def test_not_a_number_is_kept_as_null(records):
    keep(records, "a", {"auc": float("nan"), "all": [float("inf"), 1.0]})
    assert kept(records, "a") == {"auc": None, "all": [None, 1.0]}


def test_the_same_records_are_opened_once_per_process(workspace, records):
    assert Records.open(workspace) is records


def test_a_watch_notices_what_others_write_and_nothing_else(records):
    watch = records.watch()
    assert (watch.changed(), watch.changed()) == (True, False)
    keep(records, "a", 1)
    assert (watch.changed(), watch.changed()) == (True, False)
    watch.close()


def test_what_a_watch_writes_itself_is_no_change_to_it(records):
    watch, other = records.watch(), records.watch()
    assert (watch.changed(), other.changed()) == (True, True)
    with watch.write() as connection:
        put_setting(connection, "a", 1)
    assert (watch.changed(), other.changed()) == (False, True)
    keep(records, "b", 2)
    assert watch.changed()
    watch.close()


def test_what_fails_while_a_watch_writes_is_taken_back(records):
    watch = records.watch()
    keep(records, "a", 2)
    with contextlib.suppress(ZeroDivisionError), watch.write() as connection:
        put_setting(connection, "a", 1)
        raise ZeroDivisionError
    assert kept(records, "a") == 2
    watch.close()


def test_who_waits_for_a_change_is_woken_by_it(records):
    watch = records.watch()
    assert (watch.changed(), watch.changed()) == (True, False)
    while watch.wait(0.2) or watch.changed():  # what opening them wrote
        pass
    timer = threading.Timer(0.1, keep, [records, "a", 1])
    began = time.monotonic()
    timer.start()
    while not watch.changed() and time.monotonic() - began < 20:
        watch.wait(20)
    assert time.monotonic() - began < 10
    watch.close()


def test_a_watch_over_damaged_records_says_so(workspace, records):
    watch = records.watch()
    watch.changed()
    watch._connection.connection.driver_connection.close()
    with pytest.raises(RecordsError, match="closed database"):
        watch.changed()


def test_eight_processes_write_two_hundred_rows_each_and_all_are_there(workspace, records):
    """R7: nobody hears that the database is locked."""
    command = [sys.executable, "-c", WRITER, str(workspace.root), workspace.records_url]
    writers = [subprocess.Popen([*command, str(number)], stderr=subprocess.PIPE) for number in range(8)]
    said = [writer.communicate()[1].decode() for writer in writers]
    assert said == [""] * 8
    with records.read() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM settings").scalar()
    assert count == 1600


def test_writing_waits_for_a_program_that_locks_the_database(workspace, records):
    other = sqlite3.connect(workspace.root / "records.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, other.rollback)
    release.start()
    keep(records, "a", 1)
    release.join()
    assert kept(records, "a") == 1


def test_a_lock_that_lasts_is_a_sentence(workspace, monkeypatch):
    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS[:2], "PRAGMA busy_timeout=100"))
    records = Records.open(workspace)
    other = sqlite3.connect(workspace.root / "records.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordsError, match="locked by another process"):
        keep(records, "a", 1)
    other.rollback()
    keep(records, "a", 1)


def fill(records, pages):
    """Write more than `pages` pages hold."""
    with records.write() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        put_setting(connection, "small", 1)
        put_setting(connection, "large", "x" * 1_000_000)


def test_a_full_disk_is_a_sentence_and_nothing_is_half_written(records):
    """R6: SQLite answers a page limit just as it answers a full disk."""
    with records.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    with pytest.raises(RecordsError, match="disk is full") as caught:
        fill(records, pages)
    assert "space" in caught.value.hint
    records.engine.dispose()
    assert kept(records, "small") is None
    keep(records, "large", "x" * 1_000_000)
    with records.read() as connection:
        assert sqlite.integrity(connection) == "ok"


@pytest.mark.parametrize("damage", ["text", "zeros", "cut"])
def test_a_damaged_file_is_a_sentence(workspace, records, damage):
    """R8: nothing is overwritten, so that a backup can be put in its place."""
    keep(records, "a", "x" * 50_000)
    records.engine.dispose()
    copy = Workspace.at(workspace.root.parent / "copy")
    path = copy.root / "records.db"
    content = (workspace.root / "records.db").read_bytes()
    spoilt = {"text": b"This is no database. " * 500, "zeros": b"\x01" * len(content), "cut": content[:5000]}[damage]
    path.write_bytes(spoilt)
    with pytest.raises(RecordsError, match="damaged") as caught:
        keep(Records.open(Workspace(copy.root, f"sqlite:///{path}")), "b", 1)
    assert "backup" in caught.value.hint
    assert path.read_bytes()[:5000] == spoilt[:5000]


@pytest.mark.parametrize("page", range(2, 30, 3))
def test_a_page_that_is_damaged_is_a_sentence_or_not_needed(workspace, records, page):
    """R8: what is read is right, or the records are said to be damaged; the doctor's look finds every page."""
    for number in range(40):
        keep(records, f"key{number}", f"{number}" * 2000)
    records.engine.dispose()
    path = workspace.root / "records.db"
    content = bytearray(path.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    assert len(content) > 30 * size
    content[page * size : (page + 1) * size] = os.urandom(size)
    copy = Workspace.at(workspace.root.parent / "copy").root / "records.db"
    copy.write_bytes(content)
    with sqlite3.connect(copy) as other, contextlib.suppress(sqlite3.DatabaseError):
        told = other.execute("PRAGMA integrity_check").fetchall()
        assert told != [("ok",)]
    needed, found = [], []
    opened = Records.open(Workspace(copy.parent, f"sqlite:///{copy}"))
    for number in range(40):
        try:
            found.append(kept(opened, f"key{number}") == f"{number}" * 2000)
        except RecordsError as error:
            needed.append(error)
    assert all(found)
    assert all("damaged" in str(error) and "backup" in error.hint for error in needed)
    assert len(found) + len(needed) == 40


@pytest.mark.parametrize("damage", ["cut", "noise", "gone"])
def test_a_damaged_log_of_writes_costs_no_earlier_write(workspace, records, damage):
    """R8: a copy of the files beside each other in which the log is damaged has all that was before it."""
    keep(records, "before", 1)
    records.engine.dispose()
    assert not (workspace.root / "records.db-wal").exists()
    keep(records, "after", "x" * 30_000)
    copy = Workspace.at(workspace.root.parent / "copy").root
    log = (workspace.root / "records.db-wal").read_bytes()
    assert len(log) > 30_000
    shutil.copy(workspace.root / "records.db", copy / "records.db")
    if damage != "gone":
        noise = log[:40] + os.urandom(len(log) - 40)
        (copy / "records.db-wal").write_bytes(log[:5000] if damage == "cut" else noise)
    opened = Records.open(Workspace(copy, f"sqlite:///{copy / 'records.db'}"))
    assert (kept(opened, "before"), kept(opened, "after")) == (1, None)
    keep(opened, "again", 3)
    with opened.read() as connection:
        assert sqlite.integrity(connection) == "ok"


def test_a_backup_put_back_is_all_that_was_acknowledged(workspace, records):
    keep(records, "a", 1)
    backup = workspace.root / "backup.db"
    with sqlite3.connect(backup) as target, sqlite3.connect(workspace.root / "records.db") as source:
        source.backup(target)
    keep(records, "a", 2)
    records.engine.dispose()
    for name in ("records.db", "records.db-wal", "records.db-shm"):
        (workspace.root / name).unlink(missing_ok=True)
    shutil.copy(backup, workspace.root / "records.db")
    assert kept(Records.open(workspace), "a") == 1


def test_a_foreign_database_is_refused(workspace):
    with sqlite3.connect(workspace.root / "records.db") as other:
        other.execute("CREATE TABLE cats (name TEXT)")
    with pytest.raises(RecordsError, match="not ones of Tandem"):
        Records.open(workspace)


@pytest.mark.parametrize("url", ["nonsense", "mysql://somewhere/db", "postgresql+nothing://x/y"])
def test_a_url_that_cannot_be_used_is_a_sentence(tmp_path, url):
    with pytest.raises(RecordsError, match="URL cannot be used"):
        Records.open(Workspace(tmp_path, url))


def test_a_child_process_opens_records_of_its_own(workspace, records):
    keep(records, "a", 1)
    child = os.fork()
    if child == 0:
        fresh = Records.open(workspace)
        keep(fresh, "a", kept(fresh, "a") + 1)
        os._exit(0 if fresh is not records else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert kept(records, "a") == 2
