"""An operator whose file cannot be imported: pipelines with it open and say so, and everything else works."""

import sys

import pytest

from app import titles
from app.session import workbench
from app.text import TABLES
from engine.workbench.pipelines import PipelineProblemsError
from operators.registry import BUILTIN
from tests.pages.conftest import CHURN

ENGLISH, CHINESE = TABLES["en"], TABLES["zh"]


@pytest.fixture
def broken(monkeypatch):
    """`fill_missing` cannot be imported."""
    monkeypatch.setitem(sys.modules, "operators.prepare.fill_missing", None)
    forget()
    yield "fill_missing"
    forget()


def forget():
    """Have the files of operators looked at anew."""
    for kept in ("operators", "_loaded", "_kept", "_older"):
        BUILTIN.__dict__.pop(kept, None)
    for cache in (titles._catalogue, titles._fields):
        cache.cache_clear()


@pytest.fixture
def pipeline(full, broken):
    """A pipeline of five steps, one of them broken."""
    name = workbench().pipelines.create("five steps", CHURN)["name"]
    yield name
    workbench().pipelines.delete(name)


def told(app):
    kinds = (app.success, app.error, app.warning, app.info, app.caption, app.markdown)
    return " ".join(element.value for kind in kinds for element in kind).replace("\\", "")


def test_its_pipeline_opens_and_says_why(pipeline, screens):
    app = screens("pipelines", pipeline=pipeline, node="fill", language="zh")
    assert not app.exception
    assert "算子“fill_missing”无法加载：ModuleNotFoundError" in told(app)
    assert app.button(key="pipelines.run").disabled
    for view in ("file", "versions"):
        assert not screens("pipelines", pipeline=pipeline, pipeline_view=view).exception


def test_the_check_names_the_node_and_no_run_begins(pipeline):
    problems = workbench().check(CHURN)["problems"]
    assert [(one["node"], one["field"], "cannot be loaded" in one["sentence"]) for one in problems] == [
        ("fill", "operator", True)
    ]
    with pytest.raises(PipelineProblemsError, match="'fill': Operator 'fill_missing' cannot be loaded"):
        workbench().pipelines.run(pipeline)


def test_what_it_did_before_can_be_looked_at(full, broken, screens):
    run = workbench().runs.list()[0]["id"]
    assert not screens("runs", run=run, node="fill").exception
    assert not screens("models").exception


def test_others_are_in_the_catalogue_and_work(empty, broken, screens):
    app = screens("operators")
    assert not app.exception
    assert len(app.get("page_link")) >= len(BUILTIN.operators) >= 40
    assert not screens("operators", operator="split_rows").exception
    assert not screens("operators", operator=broken).exception


def test_a_step_with_it_has_its_name_for_a_title(empty, broken):
    assert titles.operator_title(broken) == broken
    assert titles.parameter_texts(broken, {"columns": ["a"]}) == ["a"]


def test_the_doctor_says_which_and_why(empty, broken, screens):
    [check] = [one for one in workbench().doctor()["checks"] if one["name"] == "operators"]
    assert not check["ok"]
    assert "fill_missing (ModuleNotFoundError: " in check["message"]
    app = screens("settings", settings_view="checks", language="zh")
    assert not app.exception
    assert "已略去：fill_missing" in app.dataframe[0].value.to_string(max_colwidth=None)
