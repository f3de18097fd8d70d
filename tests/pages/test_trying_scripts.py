"""At a script in the designer a button tries it on an empty table; the check then knows the columns behind it."""

import pytest

from app.session import workbench
from app.text import TABLES
from tests.pages.conftest import work

READ = {"operator": "read_dataset", "with": {"dataset": "churn"}}
BUTTON = "pipelines.try_empty"


@pytest.fixture
def designer(full, screens):
    """Open the designer at a script of this code, which a step that sorts by `plann` follows."""
    made = []

    def opened(code, language="en"):
        script = {"operator": "python_script", "with": {"code": code}, "from": {"table": "read"}}
        sort = {"operator": "sort_rows", "with": {"by": ["plann"]}, "from": {"table": "clean"}}
        document = {"name": "scripted", "nodes": {"read": READ, "clean": script, "sort": sort}}
        made.append(workbench().pipelines.create("scripted", document)["name"])
        return screens("pipelines", pipeline="scripted", node="clean", language=language)

    yield opened
    for name in made:
        workbench().pipelines.delete(name)


def told(app):
    kinds = (app.success, app.error, app.warning, app.markdown, app.caption)
    return " ".join(one.value for kind in kinds for one in kind).replace("\\", "")


def buttons(app):
    return [button for button in app.button if str(button.key).startswith(BUTTON)]


def test_the_button_learns_the_columns_and_the_wrong_one_behind_is_told(full, designer):
    app = designer("def run(table): return table")
    assert "The columns that 'clean' gives are not known yet." in told(app)
    app.button(key=BUTTON).click().run()
    work(full)
    app.run()
    assert not app.exception
    assert TABLES["en"]["pipelines.tried"] in told(app)
    assert "not known yet" not in told(app)
    assert buttons(app) == []
    problems = workbench().pipelines.check("scripted")["problems"]
    assert [(one["node"], one["severity"]) for one in problems] == [("sort", "warning")]


def test_a_script_that_needs_rows_is_told_in_chinese_and_can_be_tried_again(full, designer):
    app = designer("def run(table): return table[5, 'plan']", "zh")
    assert "会输出哪些列，目前还不知道。" in told(app)
    app.button(key=BUTTON).click().run()
    work(full)
    app.run()
    assert "无法用空表试运行" in told(app)
    assert not buttons(app)[0].disabled
    assert workbench().pipelines.check("scripted")["problems"][0]["severity"] == "warning"
