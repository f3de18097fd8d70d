"""Which rows of a service a comparison looks at, and that it keeps few of them in memory."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from engine.serving import windows
from engine.serving.columns import AT, MODEL, VERSION, asked_and_answered
from engine.serving.windows import ENOUGH_ROWS, Answering, Bounds, choose

START = datetime(2026, 1, 1, tzinfo=UTC)
CHURN = Answering("churn", "1", ("x",))


@pytest.fixture
def write(tmp_path):
    """Write rows asked on a day to a file, answered by a model: `write(day, rows, model="churn", x=0.0)`."""

    def written(day, rows, model="churn", version="1", x=0.0):
        asked = pl.DataFrame({"x": np.full(rows, float(x))})
        answers = asked_and_answered(asked, pl.DataFrame({"prediction": np.zeros(rows)}))
        moment = START + timedelta(days=day)
        table = answers.with_columns(pl.lit(moment, pl.Datetime("us", "UTC")).alias(AT), pl.lit(version).alias(VERSION))
        table = table if model is None else table.with_columns(pl.lit(model).alias(MODEL))
        number = len(list(tmp_path.iterdir()))
        table.write_parquet(tmp_path / f"{moment.strftime('%Y%m%dT%H%M%S%f')}-1-{number}.parquet")

    return written


def test_only_the_last_day_is_looked_at_where_it_has_enough(write, tmp_path):
    for day in range(60):
        write(day, 1000, x=2.0 if day == 59 else 0.0)
    chosen = choose(tmp_path, CHURN)
    assert (chosen.rows, chosen.days, chosen.table["x"].unique().to_list()) == (1000, 1, [2.0])
    assert chosen.first == chosen.last == START + timedelta(days=59)


def test_days_before_are_looked_at_until_there_are_enough(write, tmp_path):
    for day in range(10):
        write(day, ENOUGH_ROWS // 4)
    chosen = choose(tmp_path, CHURN)
    assert (chosen.rows, chosen.days) == (ENOUGH_ROWS, 4)


def test_all_rows_are_looked_at_where_there_are_never_enough(write, tmp_path):
    for day in (0, 40):
        write(day, 10)
    assert choose(tmp_path, CHURN).rows == 20


def test_a_day_without_rows_is_no_end(write, tmp_path):
    write(0, ENOUGH_ROWS)
    write(30, 5)
    assert choose(tmp_path, CHURN).rows == ENOUGH_ROWS + 5


def test_nothing_asked_is_an_empty_window(tmp_path):
    chosen = choose(tmp_path / "nobody", CHURN)
    assert (chosen.rows, chosen.table.height, chosen.first) == (0, 0, None)


def test_rows_of_another_model_are_left_out_and_counted(write, tmp_path):
    write(0, 800, model="other", x=50)
    write(0.1, 300)
    write(0.2, 200, version="2", x=9)
    write(0.3, 100)
    chosen = choose(tmp_path, CHURN)
    assert (chosen.rows, chosen.table["x"].unique().to_list()) == (400, [0.0])
    assert chosen.others == 1000


def test_older_rows_without_a_model_count_since_the_service_runs_it(write, tmp_path):
    write(0, 500, model=None, x=50)
    write(2, 300, model=None)
    since = Answering("churn", "1", ("x",), START + timedelta(days=1))
    assert choose(tmp_path, since).rows == 300
    assert choose(tmp_path, CHURN, Bounds()).rows == 800


@pytest.mark.parametrize(
    ("bounds", "rows"),
    [
        (Bounds(since=START + timedelta(days=3)), 70),
        (Bounds(until=START + timedelta(days=3)), 40),
        (Bounds(since=START + timedelta(days=2), until=START + timedelta(days=4)), 30),
        (Bounds(newest=25), 25),
        (Bounds(newest=25, until=START + timedelta(days=1)), 20),
        (Bounds(newest=1000), 100),
    ],
)
def test_a_window_may_be_chosen(write, tmp_path, bounds, rows):
    for day in range(10):
        write(day, 10, x=day)
    chosen = choose(tmp_path, CHURN, bounds)
    assert (chosen.rows, chosen.table.height, chosen.days) == (rows, rows, None)
    assert chosen.table["x"].is_sorted()


def test_the_newest_rows_are_the_newest(write, tmp_path):
    for day in (3, 1, 2):
        write(day, 10, x=day)
    assert choose(tmp_path, CHURN, Bounds(newest=15)).table["x"].to_list() == [2.0] * 5 + [3.0] * 10


def test_of_many_rows_a_sample_is_read_each_row_as_likely(write, tmp_path, monkeypatch):
    monkeypatch.setattr(windows, "SAMPLED_ROWS", 1000)
    for day, rows in enumerate((6000, 3000, 1000)):
        write(day, rows, x=day)
    chosen = choose(tmp_path, CHURN, Bounds(until=START + timedelta(days=9)))
    counts = dict(chosen.table["x"].value_counts().iter_rows())
    assert (chosen.rows, chosen.table.height) == (10_000, 1000)
    assert counts == pytest.approx({0.0: 600, 1.0: 300, 2.0: 100}, abs=60)
    assert choose(tmp_path, CHURN, Bounds(newest=5000)).table.height == 1000
    assert choose(tmp_path, CHURN, Bounds(newest=500)).table.height == 500
