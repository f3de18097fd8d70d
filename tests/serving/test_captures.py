"""What a service was asked and answered is kept, and keeping it never hurts the service."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from engine.serving.captured import captured, newest
from engine.serving.captures import CaptureLog, dropped_rows
from engine.serving.columns import ANSWER, AT, MODEL, VERSION, names_of

ASKED = pl.DataFrame({"age": [41, None], "plan": ["pro", "free"]})
ANSWERED = pl.DataFrame({"prediction": ["no", "yes"], "probability_yes": [0.1, 0.9]})


@pytest.fixture
def log(tmp_path):
    log = CaptureLog(tmp_path / "churn", "3")
    yield log
    log.close()


def test_captured_rows_come_back_typed_with_time_and_version(log, tmp_path):
    started = datetime.now(UTC)
    log.add(ASKED, ANSWERED)
    log.close()
    rows = captured(tmp_path, "churn").collect()
    assert rows.drop("at", "model_version").equals(pl.concat([ASKED, ANSWERED], how="horizontal"))
    assert rows["model_version"].unique().to_list() == ["3"]
    assert started <= rows["at"].min() <= datetime.now(UTC)


def test_rows_before_a_moment_can_be_left_out(log, tmp_path):
    log.add(ASKED, ANSWERED)
    log.close()
    now = datetime.now(UTC)
    assert captured(tmp_path, "churn", now - timedelta(minutes=1)).collect().height == 2
    assert captured(tmp_path, "churn", now + timedelta(minutes=1)).collect().height == 0


def test_nothing_captured_is_an_empty_table(tmp_path):
    assert captured(tmp_path, "nobody").collect().is_empty()


def test_versions_that_ask_other_columns_are_read_together(tmp_path):
    for version, asked in (("1", ASKED), ("2", ASKED.drop("age"))):
        log = CaptureLog(tmp_path / "churn", version)
        log.add(asked, ANSWERED)
        log.close()
    rows = captured(tmp_path, "churn").collect()
    assert rows["age"].to_list() == [41, None, None, None]
    assert rows["model_version"].to_list() == ["1", "1", "2", "2"]


def test_a_column_called_like_the_answer_keeps_its_name(log, tmp_path):
    log.add(ASKED.rename({"plan": "prediction"}), ANSWERED)
    log.close()
    rows = captured(tmp_path, "churn").collect()
    assert rows["prediction"].to_list() == ["pro", "free"]
    assert rows["prediction (answer)"].to_list() == ["no", "yes"]


TAKEN = [
    "at",
    "at_asked",
    "model",
    "model_version",
    "prediction",
    "prediction_asked",
    "probability_yes",
    "rows",
    "count",
]


def test_no_name_of_a_column_costs_a_row(tmp_path):
    own = [
        AT,
        MODEL,
        VERSION,
        f"{ANSWER}prediction",
        "tandem:asked:at",
        "tandem:",
        "prediction (answer)",
        "at (service)",
    ]
    asked = pl.DataFrame({name: [number] for number, name in enumerate([*TAKEN, *own])})
    log = CaptureLog(tmp_path / "churn", "3", model="churn")
    log.add(asked, ANSWERED.head(1))
    log.close()
    rows = captured(tmp_path, "churn").collect()
    assert log.dropped == 0
    assert rows.select(asked.columns).equals(asked)
    assert rows.width == asked.width + ANSWERED.width + 3


def test_captures_say_which_model_answered(tmp_path):
    log = CaptureLog(tmp_path / "churn", "3", model="leavers")
    log.add(ASKED, ANSWERED)
    log.close()
    rows = captured(tmp_path, "churn").collect()
    assert rows.select("model", "model_version").unique().rows() == [("leavers", "3")]


def test_older_captures_are_read(tmp_path):
    (tmp_path / "churn").mkdir()
    at = pl.Series("at", [datetime(2026, 1, 1, tzinfo=UTC)] * 2, pl.Datetime("us", "UTC"))
    old = pl.concat([ASKED.rename({"plan": "at_asked"}), ANSWERED, at.to_frame()], how="horizontal")
    old.with_columns(model_version=pl.lit("1")).write_parquet(tmp_path / "churn" / "20260101T000000000000-1-1.parquet")
    assert captured(tmp_path, "churn").collect()["at"].to_list() == at.to_list()
    assert names_of(old.columns, ["age", "at"]).asked == {"age": "age", "at": "at_asked"}


def test_a_folder_that_cannot_be_written_drops_rows_and_nothing_else(tmp_path):
    (tmp_path / "churn").write_text("a file where the folder should be")
    log = CaptureLog(tmp_path / "churn", "1")
    log.add(ASKED, ANSWERED)
    log.close()
    assert log.dropped == 2


def test_dropped_rows_are_told_once_they_can_be(tmp_path):
    folder = tmp_path / "churn"
    folder.write_text("a file where the folder should be")
    log = CaptureLog(folder, "1", flush_seconds=0.01)
    log.add(ASKED, ANSWERED)
    while not log.dropped:
        log._thread.join(0.01)
    folder.unlink()
    log.add(ASKED, ANSWERED)
    log.close()
    told = dropped_rows(folder)
    assert told["rows"] == 2
    assert told["first"] <= told["last"] <= datetime.now(UTC).timestamp()
    assert dropped_rows(tmp_path / "nobody")["rows"] == 0


def test_gathering_looks_at_each_request_once(tmp_path):
    class Counted(pl.DataFrame):
        looked = 0

        def __len__(self):
            Counted.looked += 1
            return super().__len__()

    log = CaptureLog(tmp_path / "churn", "1", flush_rows=10_000, flush_seconds=60)
    one = Counted({"x": [1.0]})
    for _ in range(500):
        log.add(one, one)
    log.close()
    assert captured(tmp_path, "churn").collect().height == 500
    assert Counted.looked <= 5 * 500


def test_a_full_queue_drops_rows_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.serving.captures.QUEUE", 1)
    log = CaptureLog(tmp_path / "churn", "1", flush_rows=1)
    log.close()  # nothing reads the queue any more
    for _ in range(3):
        log.add(ASKED, ANSWERED)
    assert log.dropped == 4


def test_files_appear_after_the_flush_time_without_a_close(log, tmp_path):
    quick = CaptureLog(tmp_path / "quick", "1", flush_seconds=0.01)
    quick.add(ASKED, ANSWERED)
    for _ in range(500):
        if list((tmp_path / "quick").glob("*.parquet")):
            break
        quick._thread.join(0.01)
    assert captured(tmp_path, "quick").collect().height == 2
    quick.close()


def test_the_newest_rows_come_first_and_only_so_many(tmp_path):
    for _ in range(2):
        log = CaptureLog(tmp_path / "churn", "3")
        log.add(pl.concat([ASKED, ASKED]), pl.concat([ANSWERED, ANSWERED]))
        log.close()
    table, total = newest(tmp_path, "churn", 5)
    assert (table.height, total) == (5, 8)
    assert table["at"].is_sorted(descending=True)
    assert newest(tmp_path, "nobody", 5)[1] == 0
