"""The screen of runs: which are listed, what is seen of one, and what can be done with it."""

import pytest

from app.figures import numbers
from app.runs.why import part_name, part_value
from app.session import workbench
from app.text import TABLES
from tests.pages.conftest import drive

ENGLISH, CHINESE = TABLES["en"], TABLES["zh"]
pytestmark = pytest.mark.usefixtures("unasked")


@pytest.fixture
def run(full):
    return workbench().runs.list()[-1]["id"]  # the one that the workspace was made with


def labels(app):
    return [button.label for button in app.button]


def text(app):
    return " ".join(str(element.value) for kind in (app.markdown, app.caption) for element in kind)


def test_a_filter_leaves_the_runs_that_pass_it(full, screens):
    app = screens("runs", runs_status="failed")
    assert ENGLISH["runs.none_like_this"] in text(app)
    assert not [box for box in app.selectbox if box.key == "run"]


def test_a_link_opens_a_run_that_the_filter_would_hide(run, screens):
    app = screens("runs", runs_of="=churn", run=run)
    assert app.selectbox(key="run").value == run


@pytest.mark.parametrize("view", ["nodes", "metrics", "output", "why", "logs", "beside", "register"])
def test_every_view_opens(run, screens, view):
    app = screens("runs", run=run, run_view=view)
    assert not app.exception
    assert not app.error


def test_the_reason_of_a_node_is_said_in_chinese(run, screens):
    app = screens("runs", run=run, run_view="why", language="zh", node="fit")
    assert CHINESE["say.why_first"] in text(app)


@pytest.mark.parametrize("node", ["fit", "score", "split", "fill"])
def test_what_a_node_gave_is_drawn_for_what_it_is(run, screens, node):
    app = screens("runs", run=run, run_view="output", node=node)
    assert not app.exception
    assert not app.error
    assert app.dataframe


def test_a_run_is_run_again_with_one_click_and_opened(run, screens):
    app = screens("runs", run=run)
    app.button(key="runs.again").click().run()
    newest = workbench().runs.list()[0]
    assert (newest["status"], app.selectbox(key="run").value) == ("queued", newest["id"])
    app.button(key="runs.cancel").click().run()
    drive(workbench().workspace.root)


def test_a_run_is_compared_with_another(run, screens):
    workbench().runs.list()
    app = screens("runs", run=run, run_view="beside")
    assert not app.exception


def test_a_run_opens_as_a_pipeline(run, screens):
    app = screens("runs", run=run)
    app.button(key="runs.open").click().run()
    assert [title.value for title in app.title] == [ENGLISH["page.pipelines"]]
    assert workbench().pipelines.list()[0]["nodes"] == 5


def test_read_only_nothing_can_be_pressed_that_writes(run, screens, monkeypatch):
    monkeypatch.setenv("TANDEM_READ_ONLY", "1")
    app = screens("runs", run=run, run_view="register")
    writing = [
        button for button in app.button if button.key.partition("@")[0] in {"runs.again", "runs.open", "runs.register"}
    ]
    assert len(writing) == 3
    assert all(button.disabled for button in writing)


@pytest.mark.parametrize(
    "part", ["parameter.alpha", "input.train", "source.dataset:x", "path.fill.what", "code", "seed"]
)
def test_a_part_has_a_name_in_words(part):
    assert part_name(part) != part


def test_of_a_hash_only_the_beginning_is_shown():
    assert part_value("input.train", "0123456789abcdef") == "01234567"
    assert part_value("parameter.alpha", "0.1234567890") == "0.1234567890"
    assert part_value("code", None) is None


def test_the_numbers_of_a_figure_are_a_table():
    side = {"label": {"en": "x"}, "kind": "number"}
    series = [{"kind": "line", "name": {"en": "a"}, "x": [0, 1], "y": [2, 3.5]}]
    table = numbers({"title": {"en": "t"}, "x": side, "y": side, "series": series})
    assert table.rows() == [("a", 0.0, 2.0, None), ("a", 1.0, 3.5, None)]
