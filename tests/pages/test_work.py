"""Jobs on a screen: one for each gesture, found again by whoever opens the page, drawn to their end."""

import pytest
from streamlit.testing.v1 import AppTest

from app.session import workbench
from app.text import TABLES
from tests.pages.conftest import work

ENGLISH = TABLES["en"]
pytestmark = pytest.mark.usefixtures("unasked", "empty")


def page():
    """A page with one button, which looks at what the last job found."""
    import streamlit as st

    from app import work
    from app.session import drawing

    with drawing():
        if st.button("Ask", key="ask"):
            work.begin("profile", {"dataset": "people"}, "people")
        work.followed("profile", "Asking", lambda result: st.success(str(result["rows"])))


def opened():
    return AppTest.from_function(page).run()


def jobs():
    return workbench().jobs.list()


@pytest.fixture
def people(empty, tmp_path):
    """There are two people."""
    (tmp_path / "people.csv").write_text("age,name\n1,Ann\n2,Bo\n")
    workbench().datasets.add("people", tmp_path / "people.csv")
    return empty


def test_a_double_click_asks_once_and_the_next_gesture_asks_again(people):
    app = opened()
    app.button(key="ask").click().run()
    work(people)  # so quick that it is over before the second click arrives
    app.button(key="ask").click().run()
    assert len(jobs()) == 1
    app.run()  # drawn to the end: the next click means it
    app.button(key="ask").click().run()
    assert len(jobs()) == 2


def test_a_job_that_goes_on_is_not_asked_for_again_from_another_tab(people):
    for app in (opened(), opened()):
        app.button(key="ask").click().run()
    assert len(jobs()) == 1


def test_a_page_that_is_opened_anew_shows_the_live_job_and_then_its_result(people):
    opened().button(key="ask").click().run()
    app = opened()
    assert ENGLISH["work.engine_down"] in [caption.value for caption in app.caption]
    work(people)
    assert [success.value for success in app.run().success] == ["2"]
    assert [success.value for success in opened().success] == ["2"]


def test_a_live_job_is_cancelled_with_its_button(people):
    app = opened()
    app.button(key="ask").click().run()
    app.run()
    app.button(key=f"work.cancel.{jobs()[0]['id']}").click().run()
    assert jobs()[0]["status"] == "cancelled"
    assert ENGLISH["work.cancelled"] in [info.value for info in app.run().info]


def test_a_job_that_failed_is_a_sentence(empty):
    app = opened()
    app.button(key="ask").click().run()
    work(empty)
    app.run()
    assert "No dataset" in app.error[0].value
    assert not app.exception


def test_read_only_no_job_is_asked_for_and_the_page_says_why(people, monkeypatch):
    monkeypatch.setenv("TANDEM_READ_ONLY", "1")
    app = opened()
    app.button(key="ask").click().run()
    assert "nothing was changed" in app.error[0].value
    assert jobs() == []
