"""What operators lose is counted while a run computes it, and stays in the run's record."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from engine.data.frames import scan
from engine.graph.pipeline import Pipeline
from engine.runs import report
from engine.runs.driver import Driver
from engine.runs.inline_executor import InlineExecutor
from engine.runs.orders import SourceRef
from engine.runs.requests import RunRequest, submit
from engine.tally import Tally, watched_fit
from operators.contract.fitted import FittedOperator
from operators.contract.table_operator import TableOperator
from operators.contract.tables import collected, lazy
from operators.registry import BUILTIN
from operators.testing.local import LocalContext

ROWS = pl.DataFrame(
    {
        "price": [f"€{n},70" for n in range(50)],
        "mixed": [str(n) if n % 10 else "n/a" for n in range(50)],
        "size": [n / 2 for n in range(50)],
        "count": [n % 5 for n in range(50)],
        "day": ["2026-01-01" if n % 2 else "01.01.26" for n in range(50)],
        "flag": ["yes" if n else "perhaps" for n in range(50)],
        "city": ["Rome" if n % 4 else "Oslo" for n in range(50)],
        "rare": [f"r{n}" for n in range(50)],
        "gap": [None if n < 40 else n for n in range(50)],
    }
)
CITIES = pl.DataFrame({"city": ["Rome", "Bonn"], "people": [3, 1]})
TWICE = pl.DataFrame({"city": ["Rome", "Rome"], "people": [3, 4]})
LOSING = {
    "text that is no number": ("cast_types", {"types": {"price": "float64"}}, "unreadable_number", 50, 50, "alarm"),
    "some of a column": ("cast_types", {"types": {"mixed": "int64"}}, "unreadable_whole", 5, 50, "warning"),
    "dates of another form": ("cast_types", {"types": {"day": "date"}}, "unreadable_date", 25, 50, "warning"),
    "a doubtful yes": ("cast_types", {"types": {"flag": "boolean"}}, "unreadable_boolean", 1, 50, "note"),
    "fractions": ("cast_types", {"types": {"size": "int64"}}, "fraction", 25, 50, "note"),
    "numbers too large": ("cast_types", {"types": {"gap": "int8"}}, None, 0, 0, ""),
    "a division by zero": ("formula_column", {"name": "each", "expression": "size / count"}, "not_computed", 10, 50,
                           "warning"),
    "a replaced column": ("formula_column", {"name": "size", "expression": "ln(size)"}, "not_computed", 1, 50, "note"),
    "every row": ("filter_rows", {"expression": "size > 100"}, "no_rows", 50, 50, "alarm"),
    "rows with gaps": ("drop_missing", {"columns": ["gap"]}, None, 0, 0, ""),
    "rare values": ("one_hot", {"columns": ["rare"], "max_categories": 10}, "other", 40, 50, "note"),
    "values beyond the limit": ("encode_categories", {"columns": ["rare"], "limit": 40}, "other", 10, 50, "note"),
    "values beyond a bound": ("clip_outliers", {"columns": ["size"], "method": "quantile", "lower": 0.1, "upper": 0.9},
                              "clipped", 10, 50, "note"),
}  # fmt: skip


@pytest.fixture
def fate(workspace, records, store):
    """Run a pipeline over the tables above inline and return its document."""
    tables = {"rows": ROWS, "cities": CITIES, "twice": TWICE}
    sources = {}
    for name, table in tables.items():
        ref = store.put_table(lazy(table))
        sources[f"dataset:{name}"] = SourceRef(hash=ref.hash, table=ref, label=name).model_dump(mode="json")
    driver = Driver(workspace, records, inline := InlineExecutor())

    def run(pipeline):
        asked = submit(records, RunRequest(pipeline, sources=sources)).id
        for _ in range(5_000):
            driver.turn(0.01)
            if not driver.busy and (told := report.document(records, asked))["status"] not in ("queued", "running"):
                assert told["status"] == "succeeded", told["error"]
                return told
        raise AssertionError("The run does not end.")

    yield run
    driver.close()
    inline.close()


def over_rows(operator, parameters, **more):
    port = BUILTIN.find(operator).input_ports()[0].name
    pipeline = Pipeline("losing").add("read", "read_dataset").set("read", dataset="rows")
    for name in more.values():
        pipeline = pipeline.add(name, "read_dataset").set(name, dataset=name)
    return pipeline.add("step", operator, **{port: "read"}, **more).set("step", **parameters)


@pytest.mark.parametrize(("operator", "parameters", "kind", "lost", "of", "severity"), LOSING.values(), ids=LOSING)
def test_a_run_says_what_a_step_lost(operator, parameters, kind, lost, of, severity, fate):
    losses = fate(over_rows(operator, parameters))["nodes"]["step"]["losses"]
    found = [(one["kind"], one["lost"], one["of"], one["severity"]) for one in losses]
    assert found == ([(kind, lost, of, severity)] if kind else [])


def test_the_sentence_has_the_figures_and_the_column(fate):
    (loss,) = fate(over_rows("cast_types", {"types": {"price": "float64"}}))["nodes"]["step"]["losses"]
    assert loss["sentence"] == "50 of 50 values of 'price' could not be read as a number and are missing now."


def test_a_left_join_says_which_rows_found_no_match(fate):
    (loss,) = fate(over_rows("join_tables", {"on": ["city"]}, right="cities"))["nodes"]["step"]["losses"]
    assert (loss["kind"], loss["lost"], loss["of"], loss["severity"]) == ("unmatched", 13, 50, "warning")


def test_a_join_whose_keys_repeat_says_that_rows_came_twice(fate):
    losses = fate(over_rows("join_tables", {"on": ["city"], "how": "inner"}, right="twice"))["nodes"]["step"]["losses"]
    assert [(one["kind"], one["lost"], one["of"]) for one in losses] == [("repeated", 74, 50)]


def test_a_union_says_which_column_is_filled_with_nulls(fate):
    pipeline = over_rows("union_rows", {"columns": "all"}, second="cities")
    losses = fate(pipeline.set("step", origin="from"))["nodes"]["step"]["losses"]
    assert {one["column"]: (one["kind"], one["lost"], one["of"]) for one in losses}["people"] == ("filled", 50, 52)


def test_steps_that_run_as_one_are_told_apart(fate):
    pipeline = over_rows("cast_types", {"types": {"mixed": "int64"}})
    pipeline = pipeline.add("each", "formula_column", table="step").set("each", name="x", expression="mixed / count")
    nodes = fate(pipeline.add("end", "sort_rows", table="each").set("end", by=["size"]))["nodes"]
    assert [one["lost"] for one in nodes["step"]["losses"]] == [5]
    assert [one["lost"] for one in nodes["each"]["losses"]] == [5]
    assert nodes["end"]["losses"] == []


def test_work_that_is_reused_still_says_what_it_lost(fate):
    first = fate(over_rows("cast_types", {"types": {"price": "float64"}}))["nodes"]["step"]
    again = fate(over_rows("cast_types", {"types": {"price": "float64"}}))["nodes"]["step"]
    assert again["status"] == "reused"
    assert again["losses"] == first["losses"] != []


EXAMPLES = [
    example
    for kind in BUILTIN.operators.values()
    if issubclass(kind, TableOperator | FittedOperator)
    for example in kind.examples()
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.operator.card.name)
def test_counting_changes_no_row_of_any_operator(example):
    operator, tables, tally = example.operator, {port: lazy(rows) for port, rows in example.inputs.items()}, Tally()
    with LocalContext() as context:
        outputs = operator.invoke(tables, context)
    if isinstance(operator, FittedOperator):
        watched = watched_fit(tally, operator, tables["train"], outputs)
    else:
        watched = tally.watched(operator, tables, lambda given: operator.transform(**given))
    assert_frame_equal(collected(watched), collected(outputs["table"]))
    assert all(0 < one["lost"] <= one["of"] for one in tally.findings())


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_every_engine_counts_alike_and_gives_the_rows_it_gave(engine, tmp_path):
    ROWS.write_parquet(tmp_path / "rows.parquet")
    table = scan(tmp_path / "rows.parquet", engine)
    cast = BUILTIN.build("cast_types", {"types": {"mixed": "int64", "size": "int64"}})
    tally = Tally()
    rows = collected(tally.watched(cast, {"table": table}, lambda given: cast.transform(**given)))
    assert rows.equals(collected(cast.transform(table)))
    assert {(one["kind"], one["lost"]) for one in tally.findings()} == {("unreadable_whole", 5), ("fraction", 25)}
