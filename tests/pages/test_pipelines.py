"""The designer: every gesture is one edit that is kept, can be undone, and is never lost to another tab."""

import pytest

from app.session import workbench
from app.text import TABLES
from engine.graph.bind import bind
from tests.pages.conftest import CHURN, drive, work

ENGLISH = TABLES["en"]
NAME = "designed"


@pytest.fixture
def desk(desk):
    """The pipelines of a full workspace, with one of five steps to work on."""
    for row in desk.list():
        desk.delete(row["name"])
    desk.create(NAME, CHURN)
    return desk


@pytest.fixture
def designer(desk, screens):
    """Open the designer on that pipeline: `designer(node="fill")`."""
    return lambda **query: screens("pipelines", pipeline=NAME, **query)


def told(app):
    kinds = (app.success, app.error, app.warning, app.info)
    return " ".join(element.value for kind in kinds for element in kind).replace("\\", "")


def nodes(desk):
    return desk.open(NAME)["document"]["nodes"]


def palette(app):
    return next(box for box in app.selectbox if str(box.key).startswith("pipelines.add."))


def port(app, name):
    return next(box for box in app.selectbox if f".{name}." in str(box.key) and "pipelines.port" in box.key)


def test_a_template_is_one_click_from_an_empty_workspace(empty, screens):
    app = screens("pipelines")
    app.button(key="pipelines.use.churn").click().run()
    assert not app.exception
    assert [row["name"] for row in workbench().pipelines.list()] == ["churn"]
    app.button(key="pipelines.load.churn").click().run()
    work(empty)
    app.run()
    assert workbench().pipelines.check("churn")["problems"] == []
    assert not app.button(key="pipelines.run").disabled


def test_a_step_from_the_palette_is_wired_to_the_one_that_is_shown(desk, designer):
    app = designer(node="split")
    palette(app).set_value("scale_numeric").run()
    assert not app.exception
    assert nodes(desk)["scale_numeric"]["from"] == {"train": "split.train"}
    assert app.selectbox(key="node").value == "scale_numeric"


def test_operators_are_found_in_both_languages(designer):
    labels = palette(designer(language="zh")).options
    assert any("填充缺失值" in label and "Fill missing values" in label and "fill_missing" in label for label in labels)


def test_a_parameter_is_kept_as_soon_as_it_is_set_and_can_be_undone(desk, designer):
    app = designer(node="fill")
    box = next(box for box in app.selectbox if box.value == "median")
    box.set_value("mean").run()
    assert nodes(desk)["fill"]["with"] == {"columns": ["age"], "statistic": "mean"}
    app.button(key="pipelines.undo").click().run()
    assert nodes(desk)["fill"]["with"]["statistic"] == "median"
    assert next(box for box in app.selectbox if box.value == "median")
    app.button(key="pipelines.redo").click().run()
    assert nodes(desk)["fill"]["with"]["statistic"] == "mean"
    assert app.button(key="pipelines.redo").disabled


def test_an_edit_is_checked_once_for_the_draft_and_the_page(desk, designer, monkeypatch):
    app, walks = designer(node="fill"), []
    monkeypatch.setattr("engine.workbench.findings.bind", lambda *asked: walks.append(1) or bind(*asked))
    next(box for box in app.selectbox if box.value == "median").set_value("mean").run()
    assert nodes(desk)["fill"]["with"]["statistic"] == "mean"
    assert len(walks) == 1


def test_an_input_offers_what_fits_and_connects(desk, designer):
    app = designer(node="fill")
    assert port(app, "train").options == ["split.train", ENGLISH["pipelines.not_connected"], "read.table", "split.test"]
    assert port(app, "train").proto.default == 0  # what is connected: also where a browser has heard of no choice
    port(app, "train").set_value("split.test").run()
    assert nodes(desk)["fill"]["from"] == {"train": "split.test"}
    port(app, "train").set_value("").run()
    assert "from" not in nodes(desk)["fill"]
    assert app.button(key="pipelines.run").disabled


def test_a_parameter_stays_where_its_picker_comes_and_goes(desk, designer):
    app = designer(node="fit")
    port(app, "train").set_value("").run()
    assert nodes(desk)["fit"]["with"]["target"] == "churned"
    port(app, "train").set_value("fill.table").run()
    app.run()
    assert nodes(desk)["fit"]["with"]["target"] == "churned"
    assert desk.open(NAME)["revision"] == 3


def test_a_step_is_renamed_copied_and_removed(desk, designer):
    app = designer(node="fill")
    app.text_input(key="pipelines.node_name").set_value("gaps")
    app.button(key="pipelines.rename_node").click().run()
    assert nodes(desk)["fit"]["from"] == {"train": "gaps"}
    app.button(key="pipelines.copy_node").click().run()
    assert nodes(desk)["fill_missing"] == nodes(desk)["gaps"]
    app.button(key="pipelines.remove").click().run()
    assert "fill_missing" not in nodes(desk)


def test_tidying_gives_every_step_a_place(desk, designer):
    designer().button(key="pipelines.tidy").click().run()
    assert set(desk.open(NAME)["document"]["layout"]) == set(nodes(desk))


def test_what_was_typed_with_the_press_of_run_runs(desk, designer):
    app = designer(node="fill")
    field = next(box for box in app.selectbox if "statistic" in str(box.key))
    field.set_value(next(one for one in field.options if one != field.value))
    app.button(key="pipelines.run").click().run()
    assert desk.open(NAME)["revision"] == desk.states(NAME)["revision"] == 2


def test_a_run_is_asked_for_once_and_followed_on_the_canvas(desk, designer, full, unasked):
    app = designer(node="score")
    app.button(key="pipelines.run").click().run()
    assert unasked
    assert desk.states(NAME)["status"] == "queued"
    drive(full)
    app.run()
    states = desk.states(NAME)
    assert states["status"] == "succeeded"
    assert {node["state"] for node in states["nodes"].values()} <= {"done", "reused"}
    assert any("ROC AUC" in markdown.value for markdown in app.markdown)
    desk.edit(NAME, 1, {"op": "set", "node": "fill", "with": {"statistic": "mean"}})
    assert {name for name, node in desk.states(NAME)["nodes"].items() if node["state"] == "stale"} == {
        "fill", "fit", "score",
    }  # fmt: skip


def test_running_up_to_a_step_runs_only_what_feeds_it(desk, designer, full):
    app = designer(node="fill")
    app.button(key="pipelines.run_here").click().run()
    drive(full)
    run = workbench().runs.show(desk.states(NAME)["run"])
    assert set(run["nodes"]) == {"read", "split", "fill"}
    app.run()
    app.toggle(key="pipelines.show_rows").set_value(True).run()
    assert not app.exception
    assert app.dataframe


def test_text_that_is_no_pipeline_says_why_and_stays_in_its_field(desk, designer):
    app = designer(pipeline_view="file")
    for text in ("name: [", "- 1", "name: x\nnodes: {a: {operator: read_dataset, what: 1}}"):
        app.text_area[0].set_value(text).run()
        assert told(app)
        app.button(key="pipelines.keep_text").click().run()
        assert app.error
        assert app.text_area[0].value == text
    assert desk.open(NAME)["revision"] == 1


def test_text_replaces_the_pipeline_as_one_step(desk, designer):
    app = designer(pipeline_view="file")
    app.text_area[0].set_value("name: x\nnodes: {a: {operator: no_such}}").run()
    app.button(key="pipelines.keep_text").click().run()
    assert nodes(desk) == {"a": {"operator": "no_such"}}
    assert app.text_area[0].value == desk.yaml(NAME)
    app.button(key="pipelines.undo").click().run()
    assert "fit" in app.text_area[0].value


def test_a_second_tab_is_told_who_did_what_and_loses_nothing(desk, designer):
    first, second = designer(node="fill"), designer(node="fill")
    palette(first).set_value("drop_duplicates").run()
    next(box for box in second.selectbox if box.value == "median").set_value("mean").run()
    assert "drop_duplicates" in told(second)
    assert nodes(desk)["fill"]["with"]["statistic"] == "median"
    second.button(key="pipelines.mine").click().run()
    assert nodes(desk)["fill"]["with"]["statistic"] == "mean"
    assert "drop_duplicates" in nodes(desk)
    assert not second.warning or ENGLISH["pipelines.show_newest"] not in [button.label for button in second.button]


def test_a_stale_tab_can_show_the_newest(desk, designer):
    app = designer(node="fill")
    desk.edit(NAME, 1, {"op": "remove", "node": "score"})
    app.run()
    assert "score" in app.selectbox(key="node").options[-1]
    app.button(key="pipelines.newest").click().run()
    assert len(app.selectbox(key="node").options) == 4


def test_what_was_filled_in_before_the_newest_was_shown_is_not_made_after_it(desk, designer):
    app = designer(node="fill")
    desk.edit(NAME, 1, {"op": "remove", "node": "score"})
    next(box for box in app.selectbox if box.value == "median").set_value("mean").run()
    app.button(key="pipelines.newest").click().run()
    app.run()
    assert any(box.value == "median" for box in app.selectbox)
    assert (desk.open(NAME)["revision"], nodes(desk)["fill"]["with"]["statistic"]) == (2, "median")


def fragments(app):
    """Return by what Streamlit knows the parts of a page that can be drawn by themselves."""
    return set(app._fragment_storage._fragments)


def test_what_comes_above_leaves_the_designer_in_its_place(desk, designer, monkeypatch):
    """What is pressed in a part of the page that has moved is dropped by Streamlit."""
    app = designer(node="fill")
    before = fragments(app)
    desk.edit(NAME, 1, {"op": "remove", "node": "score"})
    app.run()
    assert app.warning
    assert fragments(app) == before
    up = {"running": True, "ready": True, "pid": 1, "started": 0.0, "heartbeat": None, "starting": False}
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.status", lambda desk: up)
    app.run()
    assert before & fragments(app)


def test_a_version_is_kept_and_restored(desk, designer):
    app = designer(pipeline_view="versions")
    app.text_input(key="pipelines.label").set_value("before").run()
    app.button(key="pipelines.keep_version").click().run()
    desk.edit(NAME, 1, {"op": "remove", "node": "score"})
    app.run()
    app.button(key="pipelines.newest").click().run()
    app.button(key="pipelines.restore.1").click().run()
    assert "score" in nodes(desk)


def test_a_pipeline_is_copied_renamed_deleted_and_taken_back(desk, designer):
    app = designer()
    app.button(key="pipelines.copy").click().run()
    assert app.selectbox(key="pipeline").value == f"{NAME} 2"
    app.text_input(key=f"pipelines.rename.{NAME} 2").set_value("other")
    app.button(key="pipelines.rename").click().run()
    assert app.selectbox(key="pipeline").value == "other"
    app.button(key="pipelines.delete").click().run()
    assert [row["name"] for row in desk.list()] == [NAME]
    app.button(key="pipelines.back.other").click().run()
    assert app.selectbox(key="pipeline").value == "other"
    assert not app.exception


@pytest.mark.parametrize("source", ["template", "empty", "file", "run"])
def test_a_new_pipeline_begins_with(desk, designer, source):
    app = designer()
    app.radio(key="pipelines.source").set_value(source).run()
    if source == "file":
        app.file_uploader(key="pipelines.file").upload("p.yaml", CHURN.encode(), "application/yaml").run()
    app.button(key="pipelines.create").click().run()
    assert not app.exception
    assert len(desk.list()) == 2


def test_a_name_that_may_not_be_is_a_sentence(desk, designer):
    app = designer()
    app.text_input(key=f"pipelines.rename.{NAME}").set_value("../x")
    app.button(key="pipelines.rename").click().run()
    assert "../x" in told(app)
    assert [row["name"] for row in desk.list()] == [NAME]


@pytest.mark.parametrize("view", ["step", "problems", "file", "python", "versions"])
def test_every_view_opens_on_a_pipeline_that_is_all_wrong(desk, designer, view):
    desk.edit(NAME, 1, {"op": "replace", "document": WRONG})
    for node in ("a", "b", "c") if view == "step" else ("a",):
        assert not designer(pipeline_view=view, language="zh", node=node).exception


WRONG = """
name: x
nodes:
  a: {operator: no_such, with: {x: [1, {y: null}]}, from: {table: c, other: gone}}
  b: {operator: score_classifier, with: {target: 7, what: "<b>"}, from: {model: a.table, table: b}}
  c: {operator: split_rows@9, with: {test_share: many}, from: {nowhere: b.metrics}}
"""


def test_read_only_shows_everything_and_changes_nothing(desk, designer, monkeypatch):
    monkeypatch.setenv("TANDEM_READ_ONLY", "1")
    for view in ("step", "file", "versions"):
        app = designer(pipeline_view=view)
        assert not app.exception
        looks = {"pipelines.full", *(button.key for button in app.button if str(button.key).startswith("table."))}
        pressed = {button.key for button in app.button if not button.disabled}
        assert pressed - looks - {"engine.start"} == set()


ASKING = CHURN.replace("test_share: 0.2", 'test_share: "${share}"')
ASKING += "declarations: {share: {description: Held out}}\n"


@pytest.fixture
def asking(desk, screens):
    """The designer on a pipeline whose share of test rows has to be given."""
    desk.create("asking", ASKING)
    return lambda **query: screens("pipelines", pipeline="asking", **query)


def test_a_run_is_given_what_its_pipeline_asks_for(desk, asking, screens, full, unasked):
    app = asking()
    assert app.button(key="pipelines.run").disabled
    field = next(one for one in app.number_input if one.label == "share")
    field.set_value(0.3).run()
    assert not app.button(key="pipelines.run").disabled
    app.button(key="pipelines.run").click().run()
    drive(full)
    run = workbench().runs.list(1)[0]["id"]
    assert workbench().runs.show(run)["parameters"] == {"share": 0.3}
    assert {node["state"] for node in desk.states("asking")["nodes"].values()} <= {"done", "reused"}
    shown = [caption.value.replace("\\", "") for caption in screens("runs", run=run).caption]
    assert any("share = 0.3" in text for text in shown)


def test_a_wrong_value_is_told_beside_its_field_and_is_not_run(asking):
    app = asking()
    next(one for one in app.number_input if one.label == "share").set_value(1.0).run()
    assert not app.exception
    assert "does not take 1" in told(app)
    assert app.button(key="pipelines.run").disabled


def test_a_field_that_a_parameter_sets_stays_so_until_it_is_set_on_its_step(desk, asking):
    app = asking(node="split")
    assert desk.open("asking")["revision"] == 1
    assert any("share" in caption.value for caption in app.caption)
    app.button(key="pipelines.set_here").click().run()
    assert "test_share" not in (desk.open("asking")["document"]["nodes"]["split"].get("with") or {})
    assert desk.check("asking")["problems"] == []


def test_a_version_of_a_model_is_picked_by_its_number(desk, screens):
    nodes = {"load": {"operator": "load_model", "with": {"model": "churn"}}}
    desk.create("scoring", {"name": "scoring", "nodes": nodes})
    app = screens("pipelines", pipeline="scoring", node="load")
    box = next(one for one in app.selectbox if "1 · champion" in one.options)
    box.set_value("1").run()
    assert not app.exception
    assert desk.open("scoring")["document"]["nodes"]["load"]["with"] == {"model": "churn", "version": 1}
    assert desk.check("scoring")["problems"] == []
