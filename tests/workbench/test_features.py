"""Features step by step on a sample: what changes, what fails, what is suggested."""

from pathlib import Path

import pytest

from engine import Workbench

SAMPLES = Path(__file__).resolve().parents[2] / "data_samples"


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    bench = Workbench.open(tmp_path_factory.mktemp("features") / "workspace")
    bench.datasets.add("churn", SAMPLES / "churn.csv")
    return bench


@pytest.fixture
def desk(bench):
    return bench.features


@pytest.fixture
def filled(desk):
    chain = desk.begun("churn features", "churn")
    return desk.added(chain, "fill_missing", {"columns": ["age"], "statistic": "median"})


def test_a_step_says_which_columns_it_changed(desk, filled):
    before, after = desk.walk(filled, rows=500)
    assert before["rows"] == after["rows"] == 500
    changes = {column["name"]: column["change"] for column in after["columns"]}
    assert changes["age"] in {"values", "type"}
    assert {change for name, change in changes.items() if name != "age"} == {"same"}
    assert after["fitted"]


def test_a_sample_is_spread_over_the_dataset(desk, filled):
    assert desk.walk(filled, rows=3)[0]["table"]["total_rows"] == 3


def test_a_column_that_is_made_and_one_that_goes_are_named(desk):
    chain = desk.added(desk.begun("f", "churn"), "formula_column", {"name": "older", "expression": "age + 1"})
    chain = desk.added(chain, "select_columns", {"columns": ["plan"], "mode": "drop"})
    _, made, gone = desk.walk(chain)
    assert [column["name"] for column in made["columns"] if column["change"] == "new"] == ["older"]
    assert gone["removed"] == ["plan"]


def test_a_step_that_cannot_work_says_why_and_stops_the_others(desk):
    chain = desk.added(desk.begun("f", "churn"), "select_columns", {"columns": ["agee"]})
    chain = desk.added(chain, "drop_duplicates", {})
    _, wrong, after = desk.walk(chain)
    assert "agee" in wrong["error"]["sentence"]
    assert "age" in wrong["error"]["hint"]
    assert after["table"] is None
    assert after["error"] is None


def test_a_step_without_its_parameters_is_a_sentence(desk):
    chain = desk.added(desk.begun("f", "churn"), "select_columns", {})
    assert "columns" in desk.walk(chain)[1]["error"]["sentence"]


def test_every_operator_that_is_offered_can_be_a_step(desk):
    for name in desk.operators():
        assert desk.steps(desk.added(desk.begun("f", "churn"), name, {})) == [name]


def test_what_is_suggested_works_on_the_sample(desk):
    chain = desk.begun("f", "churn")
    for one in desk.suggestions("churn", "churned"):
        chain = desk.added(chain, one["operator"], one["with"])
    assert [step["error"] for step in desk.walk(chain)] == [None] * len(desk.walk(chain))
    assert len(desk.steps(chain)) > 1


def test_features_become_a_pipeline_without_problems(bench, desk, filled):
    whole = desk.trained(filled, "churn", target="churned", numeric=False)
    assert bench.check(whole)["problems"] == []


def test_a_step_that_needs_the_whole_table_says_so_and_comes_before_the_split(bench, desk):
    chain = desk.added(desk.begun("f", "churn"), "sql_transform", {"query": "SELECT * FROM table WHERE age > 30"})
    chain = desk.added(chain, "fill_missing", {"columns": ["age"]})
    _, asked, filled = desk.walk(chain)
    assert "formula_column" in asked["warnings"][0]["hint"]
    assert filled["warnings"] == []
    whole = desk.trained(chain, "churn", target="churned", numeric=False)
    assert [problem["severity"] for problem in bench.check(whole)["problems"]] == ["warning"]
    assert list(whole["nodes"]) == ["read", "sql_transform", "split", "fill_missing", "fit", "score"]


def test_a_step_says_what_it_lost_and_what_would_mend_it(bench, desk, tmp_path):
    (tmp_path / "prices.csv").write_text("id;price\n" + "".join(f"{n};€{n},70\n" for n in range(100)))
    bench.datasets.add("prices", tmp_path / "prices.csv")
    chain = desk.added(desk.begun("f", "prices"), "cast_types", {"types": {"price": "float64"}})
    (loss,) = desk.walk(chain)[1]["losses"]
    assert (loss["column"], loss["lost"], loss["of"], loss["severity"]) == ("price", 100, 100, "alarm")
    assert loss["mend"] == {"with": {"numbers": "1.234,5"}, "lost": 0}
    mended = desk.added(
        desk.begun("f", "prices"), "cast_types", {"types": {"price": "float64"}, **loss["mend"]["with"]}
    )
    assert desk.walk(mended)[1]["losses"] == []


def test_suggestions_speak_of_the_columns_as_they_are_now(desk):
    chain = desk.added(desk.begun("f", "churn"), "rename_columns", {"names": {"age": "years"}})
    chain = desk.added(chain, "select_columns", {"columns": ["plan"], "mode": "drop"})
    columns = {column for one in desk.suggestions("churn", "churned", chain) for column in one["columns"]}
    assert "age" not in columns
    assert "plan" not in columns
    assert "years" in columns
    assert {"years", "churned"} <= {column["name"] for column in desk.profile(chain)["columns"]}


def test_what_was_noticed_becomes_steps_each_once(bench, desk):
    fixes = [one["fix"] for one in bench.datasets.profile("churn")["warnings"] if one.get("fix")]
    chain = desk.mended("churn", desk.begun("f", "churn"), fixes)
    assert len(desk.steps(chain)) > 0
    assert [step["error"] for step in desk.walk(chain)] == [None] * (len(desk.steps(chain)) + 1)
    assert desk.mended("churn", chain, fixes) == chain


def test_columns_that_go_are_dropped_last_and_together(desk):
    drop = {"operator": "select_columns", "with": {"columns": ["age"], "mode": "drop"}}
    other = {"operator": "select_columns", "with": {"columns": ["plan"], "mode": "drop"}}
    fill = {"operator": "fill_missing", "with": {"columns": ["age"], "statistic": "median"}}
    document = desk.mended("churn", desk.begun("f", "churn"), [drop, fill, other])
    assert desk.steps(document) == ["fill_missing", "select_columns"]
    assert document["nodes"]["select_columns"]["with"]["columns"] == ["age", "plan"]
