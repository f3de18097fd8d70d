"""What buttons do, and that what they start goes on by itself."""

import pytest

from app.session import about, workbench
from app.text import TABLES
from tests.pages.conftest import drive, work

ENGLISH = TABLES["en"]
pytestmark = pytest.mark.usefixtures("unasked")


def told(app):
    return " ".join(element.value for kind in (app.success, app.error, app.warning) for element in kind)


def test_a_sample_is_one_click_from_nothing_to_a_run_that_is_opened(empty, screens):
    app = screens("home")
    app.button(key="home.train.churn").click().run()
    work(empty)
    app.run()
    newest = workbench().runs.list()[0]
    assert [title.value for title in app.title] == [ENGLISH["page.runs"]]
    assert app.selectbox(key="run").value == newest["id"]
    drive(empty)
    assert workbench().runs.summary(newest["id"])["status"] == "succeeded"
    assert [draft["name"] for draft in workbench().pipelines.list()] == ["churn"]


def test_registering_from_a_run_gives_a_version(full, screens):
    before = len(workbench().models.list())
    run = workbench().runs.list()[-1]  # the one that the workspace was made with
    app = screens("runs", run=run["id"], run_view="register")
    app.button(key="runs.register").click().run()
    work(full)
    assert app.run().success
    assert len(workbench().models.list()) == before + 1


def test_a_service_that_does_not_answer_is_a_sentence(full, screens):
    app = screens("services")
    next(button for button in app.button if button.label == ENGLISH["services.ask"]).click().run()
    assert app.error
    assert not app.exception


def test_a_new_report_is_the_one_that_is_shown(full, screens):
    before = workbench().monitor.history("churn")
    app = screens("monitoring", service="churn", report=str(before[-1]["at"]))
    app.button(key=about("drift.captured", "churn")).click().run()
    work(full)
    assert app.run().selectbox(key="report").value != str(before[-1]["at"])
    assert len(workbench().monitor.history("churn")) > len(before)
    assert "Too few rows" in " ".join(element.value for element in app.markdown)
    assert not app.exception
    again = screens("monitoring", service="churn", report=str(before[-1]["at"]))  # a link opens what it names
    assert again.selectbox(key="report").value == str(before[-1]["at"])


def test_starting_the_engine_is_one_button(empty, screens, unasked):
    app = screens("home")
    app.button(key="engine.start").click().run()
    assert unasked
