"""The features screen: a recipe grows step by step, each step is tried, undone, and sent to a pipeline."""

import polars as pl
import pytest

from app.session import workbench
from app.text import TABLES
from tests.pages.conftest import SAMPLES

ENGLISH = TABLES["en"]
RECIPE = "churn features"
pytestmark = pytest.mark.usefixtures("unasked")


@pytest.fixture
def churn(empty):
    """A workspace with one dataset."""
    workbench().datasets.put("churn", pl.read_csv(SAMPLES / "churn.csv"))


@pytest.fixture
def begun(churn, screens):
    """The screen with a recipe that has no steps yet."""
    app = screens("features")
    app.button(key="features.new").click().run()
    assert not app.exception
    return app


def steps():
    return workbench().features.steps(workbench().pipelines.open(RECIPE)["document"])


def add(app, operator):
    app.selectbox(key="features.operator").set_value(operator).run()
    app.button(key="features.add").click().run()
    assert not app.exception
    return app


def suggested(app):
    return [button for button in app.button if str(button.key).startswith("features.suggested.")]


def captions(app):
    return " ".join(caption.value for caption in app.caption)


def test_without_data_the_screen_leads_to_the_data(empty, screens):
    app = screens("features")
    app.button(key="empty.go").click().run()
    assert [title.value for title in app.title] == [ENGLISH["page.data"]]


def test_a_new_recipe_is_kept_at_once(begun):
    assert [draft["name"] for draft in workbench().pipelines.list()] == [RECIPE]
    assert steps() == []


def test_a_step_is_tried_on_the_sample_and_kept(begun):
    app = add(begun, "drop_missing")
    assert steps() == ["drop_missing"]
    assert app.radio(key="step").value == "drop_missing"
    assert any("→" in markdown.value for markdown in app.markdown)


def test_a_step_can_be_undone_and_done_again(begun):
    app = add(begun, "drop_duplicates")
    app.button(key="features.undo").click().run()
    assert steps() == []
    app.button(key="features.redo").click().run()
    assert steps() == ["drop_duplicates"]


def test_steps_change_places_and_go(begun):
    app = add(add(begun, "drop_duplicates"), "fill_missing")
    app.button(key="features.earlier").click().run()
    assert steps() == ["fill_missing", "drop_duplicates"]
    app.button(key="features.remove").click().run()
    assert steps() == ["drop_duplicates"]


def test_a_step_that_lacks_its_settings_says_so_and_keeps_what_is_there(begun):
    app = add(add(begun, "fill_missing"), "select_columns")
    assert not app.error
    assert sum("material/error" in text.value for text in app.markdown) == 1
    assert steps() == ["fill_missing", "select_columns"]


def test_nothing_is_made_of_a_recipe_with_a_step_that_cannot_be_done(begun):
    app = add(begun, "select_columns")
    app.selectbox(key="features.target.churn").set_value("churned").run()
    assert app.button(key="features.send").disabled
    assert any("mend or remove" in caption.value for caption in app.caption)


def test_suggestions_become_steps(begun):
    app = begun
    suggested(app)[0].click().run()
    assert len(steps()) == 1
    assert not app.exception


def test_a_page_of_before_does_what_its_button_said_or_nothing(begun, screens):
    stale = screens("features", dataset="churn", recipe=RECIPE)
    suggested(begun)[0].click().run()
    before = steps()
    suggested(stale)[0].click().run()
    assert steps() == before


def test_a_double_click_does_one_thing(begun, monkeypatch):
    monkeypatch.setattr("app.session._DOUBLE", 600.0)  # however slowly the test clicks
    app = begun
    app.selectbox(key="features.operator").set_value("drop_duplicates").run()
    for key in ("features.add", "features.add", "features.new"):
        app.button(key=key).click().run()
    assert steps() == ["drop_duplicates"]
    assert [draft["name"] for draft in workbench().pipelines.list()] == [RECIPE]


def test_a_dataset_shows_its_own_recipes(begun, screens):
    bench = workbench()
    bench.datasets.put("churn features", pl.DataFrame({"a": [1, 2]}))
    other = f"churn features{RECIPE.removeprefix('churn')}"
    bench.pipelines.create(other, bench.features.begun(other, "churn features"))
    assert screens("features", dataset="churn").selectbox(key="recipe").options == [RECIPE]


def test_a_recipe_becomes_a_pipeline_that_can_run(begun):
    app = add(begun, "fill_missing")
    app.selectbox(key="features.target.churn").set_value("churned").run()
    app.button(key="features.send").click().run()
    assert [title.value for title in app.title] == [ENGLISH["page.pipelines"]]
    assert workbench().pipelines.check("churn")["problems"] == []


def test_a_change_from_another_tab_is_not_lost(begun):
    bench = workbench()
    draft = bench.pipelines.open(RECIPE)
    app = begun
    app.selectbox(key="features.operator").set_value("drop_duplicates").run()
    other = bench.features.added(draft["document"], "sort_rows", {"columns": ["age"]})
    bench.pipelines.edit(RECIPE, draft["revision"], {"op": "replace", "document": other})
    app.button(key="features.add").click().run()
    assert sorted(steps()) == ["drop_duplicates", "sort_rows"]


def test_who_may_only_look_changes_nothing(churn, screens, monkeypatch):
    bench = workbench()
    bench.pipelines.create(RECIPE, bench.features.begun(RECIPE, "churn"))
    monkeypatch.setenv("TANDEM_READ_ONLY", "1")
    app = screens("features")
    assert not app.exception
    assert all(app.button(key=f"features.{key}").disabled for key in ("new", "add", "undo", "send"))
