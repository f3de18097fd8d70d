"""What a service was asked, compared as a user asks for it: the window, whose rows, and columns of any name."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from engine import Workbench
from engine.monitoring.values import Window
from engine.serving.captured import captured
from engine.serving.captures import CaptureLog
from engine.serving.columns import AT, MODEL, VERSION, asked_and_answered
from engine.stores.models import ModelStore
from engine.workbench.current_rows import reference_of
from tests.pages.conftest import drive

NOW = datetime.now(UTC)
NAMES = ["at", "at_asked", "model_version", "model", "prediction", "probability_yes", "tandem:at"]
PIPELINE = """
name: names
nodes:
  read: {operator: read_dataset, with: {dataset: names}}
  split: {operator: split_rows, with: {test_share: 0.3, seed: 7}, from: {table: read}}
  fit: {operator: train_classifier, with: {target: label, algorithm: random_forest}, from: {train: split.train}}
  score: {operator: score_classifier, with: {target: label}, from: {model: fit, table: split.test}}
"""


def rows(random, count, shift=0.0):
    columns = {name: random.normal(shift, size=count) for name in NAMES[1:]}
    moments = [datetime(2026, 1, 1) + timedelta(minutes=int(minute)) for minute in random.integers(0, 9000, count)]  # noqa: DTZ001
    return pl.DataFrame({"at": moments, **columns})


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """A service whose model asks for columns with names that captures use themselves."""
    root = tmp_path_factory.mktemp("names") / "workspace"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
        bench = Workbench.open(root)
        training = rows(np.random.default_rng(1), 900)
        label = (training["prediction"] + training["model"] > 0).replace_strict({True: "yes", False: "no"})
        bench.datasets.put("names", training.with_columns(label=label))
        run = bench.run(PIPELINE)
        drive(root)
        bench.models.register(run, "fit", name="names")
        bench.services.deploy("names", name="names", cpu=0.1)
    return bench


@pytest.fixture
def captures(bench):
    """The folder of the service's captures, empty again afterwards."""
    folder = bench.workspace.captures / "names"
    yield folder
    for path in folder.glob("*"):
        path.unlink()


def ask(folder, table, *, ago=timedelta(), model="names"):
    """Keep rows as the service would have, `ago` before now."""
    answers = pl.DataFrame({"prediction": ["no", "yes"] * (table.height // 2)})
    answers = answers.with_columns(probability_no=pl.lit(0.5), probability_yes=pl.lit(0.5))
    moment = NOW - ago
    own = [pl.lit(value).alias(name) for name, value in ((MODEL, model), (VERSION, "1"))]
    folder.mkdir(exist_ok=True)
    file = folder / f"{moment.strftime('%Y%m%dT%H%M%S%f')}-1-{len(list(folder.iterdir()))}.parquet"
    at = pl.lit(moment, pl.Datetime("us", "UTC")).alias(AT)
    asked_and_answered(table, answers).with_columns(at, *own).write_parquet(file)


def test_a_file_with_columns_of_our_names_is_compared_by_all_of_them(bench, tmp_path):
    file = tmp_path / "rows.parquet"
    rows(np.random.default_rng(2), 400).write_parquet(file)
    report = bench.monitor.check("names", file)
    assert (report.action, report.quality) == ("none", ())
    assert {column.name for column in report.columns} == set(NAMES)
    assert {column.role for column in report.columns} == {"feature"}


def test_traffic_with_columns_of_our_names_is_compared_by_all_of_them(bench, captures):
    log = CaptureLog(captures, "1", model="names")
    asked = rows(np.random.default_rng(3), 400, shift=3.0)
    log.add(asked, pl.DataFrame({"prediction": ["no", "yes"] * 200, "probability_no": 0.5, "probability_yes": 0.5}))
    log.close()
    report = bench.monitor.check("names")
    assert log.dropped == 0
    assert {column.name for column in report.columns if column.role == "feature"} == set(NAMES)
    assert {column.name for column in report.columns if column.role == "prediction"} == {
        "prediction (answer)", "probability_no", "probability_yes (answer)",
    }  # fmt: skip
    assert {column.name for column in report.columns if column.drifted} >= set(NAMES[1:])
    assert captured(bench.workspace.captures, "names").collect().select(NAMES).equals(asked)


def test_the_last_day_is_compared_and_the_report_says_so(bench, captures):
    random = np.random.default_rng(4)
    for day in range(30):
        ask(captures, rows(random, 300, shift=0.0 if day else 2.0), ago=timedelta(days=day))
    report = bench.monitor.check("names")
    assert (report.drifted, report.rows) == (True, 300)
    assert (report.selection.days, report.selection.of_rows, report.selection.version) == (1, 300, "1")
    kept = bench.monitor.history("names", limit=1)[0]
    assert kept["selection"] == report.document()["selection"]


@pytest.mark.parametrize(
    ("window", "compared"),
    [
        (Window(hours=5 * 24 - 1), 1500),
        (Window(rows=450), 450),
        (Window(until=NOW - timedelta(days=28)), 600),
        (Window(since=NOW), 300),
    ],
)
def test_a_window_is_chosen_by_time_or_by_rows(bench, captures, window, compared):
    random = np.random.default_rng(5)
    for day in range(30):
        ask(captures, rows(random, 300), ago=timedelta(days=day))
    report = bench.monitor.check("names", window=window)
    assert (report.rows, report.selection.window) == (compared, window)


def test_rows_of_another_model_are_left_out(bench, captures):
    random = np.random.default_rng(6)
    ask(captures, rows(random, 800, shift=50), ago=timedelta(hours=2), model="other")
    ask(captures, rows(random, 200), ago=timedelta(hours=1))
    report = bench.monitor.check("names")
    assert (report.rows, report.selection.other_rows) == (200, 800)
    assert [column.name for column in report.columns if column.drifted and column.role == "feature"] == []


def test_a_sample_is_called_one(bench, captures, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.serving.windows.SAMPLED_ROWS", 100)
    monkeypatch.setattr("engine.workbench.current_rows.SAMPLED_ROWS", 100)
    table = rows(np.random.default_rng(7), 400)
    ask(captures, table)
    table.write_parquet(tmp_path / "rows.parquet")
    for report in (bench.monitor.check("names"), bench.monitor.check("names", tmp_path / "rows.parquet")):
        assert (report.rows, report.selection.of_rows) == (100, 400)
        assert report.window.endswith(", a sample of 100 of 400 rows")


def test_references_of_before_are_read(bench, captures):
    version = ModelStore(bench.workspace).get("names", "1")
    old = rows(np.random.default_rng(8), 50).drop("tandem:at", "at_asked")
    stored = old.rename({name: f"{name}_asked" for name in ("at", "model_version", "prediction", "probability_yes")})
    stored = stored.with_columns(prediction=pl.lit("no"), probability_no=pl.lit(0.5), probability_yes=pl.lit(0.5))
    file = captures.parent / "old.parquet"
    stored.write_parquet(file)
    inputs = [field for field in version.signature["inputs"] if field["name"] in old.columns]
    found = reference_of(file, version.model_copy(update={"signature": {"inputs": inputs}}))
    file.unlink()
    assert found.table.select(old.columns).equals(old)
    assert found.answers == ("prediction (answer)", "probability_no", "probability_yes (answer)")
