"""Small files of captures become few, and no reader misses a row or sees one twice."""

import json
import os
import threading

import polars as pl
import pytest

from engine.serving.captured import captured, newest
from engine.serving.captures import CaptureLog
from engine.serving.compaction import KEPT_SECONDS, MANY, capture_files, compact

ONE = pl.DataFrame({"x": [1.0]})


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "churn"


def write(folder, count, rows=ONE):
    log = CaptureLog(folder, "1", model="churn", flush_rows=1)
    for _ in range(count):
        log.add(rows, rows.rename(lambda _: "prediction"))
    log.close(60)


def age(folder):
    for path in folder.iterdir():
        os.utime(path, (0, path.stat().st_mtime - 2 * KEPT_SECONDS))


def test_a_replica_leaves_few_files(folder, tmp_path):
    write(folder, 4 * MANY + 3)
    age(folder)
    compact(folder)
    assert len(list(folder.glob("*.parquet"))) < MANY
    assert captured(tmp_path, "churn").collect().height == 4 * MANY + 3
    assert newest(tmp_path, "churn", 5)[1] == 4 * MANY + 3


def test_replaced_files_stay_for_those_who_read_and_count_once(folder, tmp_path):
    write(folder, MANY)
    compact(folder)
    assert len(list(folder.glob("*.parquet"))) == MANY + 1
    assert len(capture_files(folder)) == 1
    assert captured(tmp_path, "churn").collect().height == MANY


def test_what_a_killed_process_left_is_taken_away(folder, tmp_path):
    write(folder, 3)
    names = [path.name for path in folder.glob("*.parquet")]
    (folder / "20260101T000000000000-joined1-20260101T000000000000-aa.json").write_text(json.dumps(names))
    assert captured(tmp_path, "churn").collect().height == 3  # the joined file never appeared
    age(folder)
    compact(folder)
    assert captured(tmp_path, "churn").collect().height == 3
    assert list(folder.glob("*-joined*.json")) == []


def test_files_of_other_columns_are_joined_with_their_like(folder, tmp_path):
    for column in ("x", "y"):
        write(folder, MANY // 2, pl.DataFrame({column: [1.0]}))
    compact(folder)
    assert len(capture_files(folder)) == MANY
    for column in ("x", "y"):
        write(folder, MANY // 2, pl.DataFrame({column: [1.0]}))
    compact(folder)
    assert captured(tmp_path, "churn").collect().null_count().select("x", "y").row(0) == (MANY, MANY)
    assert len(capture_files(folder)) <= 4


def test_who_reads_meanwhile_sees_each_row_once(folder, tmp_path):
    write(folder, 3 * MANY - 1)
    rows = captured(tmp_path, "churn").collect().height
    seen, ended = set(), threading.Event()

    def look():
        while not ended.is_set():
            seen.add(captured(tmp_path, "churn").collect().height)

    reader = threading.Thread(target=look)
    reader.start()
    for _ in range(3):
        compact(folder)
    ended.set()
    reader.join()
    assert seen == {rows}
