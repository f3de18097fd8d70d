"""The first screen: what runs now, what was changed, how the house is, each a link to its object."""

import time

import pytest

from app.home.health import parts
from app.home.lines import ago
from app.session import workbench
from app.text import TABLES

ENGLISH = TABLES["en"]
pytestmark = pytest.mark.usefixtures("unasked")


def headers(app):
    return [element.value for element in app.header]


def test_a_run_that_goes_on_is_shown_with_how_far_it_is(full, screens):
    run = workbench().run(workbench().runs.pipeline(workbench().runs.list()[0]["id"]))
    app = screens("home")
    assert ENGLISH["home.running"] in headers(app)
    assert not app.exception
    run.cancel()


def test_a_service_that_drifted_is_an_alarm_in_words(full, screens):
    app = screens("home")
    alarms = [error.value for error in app.error] + [caption.value for caption in app.caption]
    assert any("churn" in alarm or ENGLISH["home.calm"] in alarm for alarm in alarms)


def test_every_sample_has_a_card(empty, screens):
    app = screens("home")
    keys = [button.key for button in app.button if button.key.startswith("home.train.")]
    assert keys == ["home.train.churn", "home.train.traffic", "home.train.tumours"]


def test_the_line_tells_of_engine_cpu_disk_and_version(full):
    told = parts(workbench().resources())
    assert ENGLISH["engine.is_down"] in told[0]
    assert [word for word in ("CPU", "GiB", "0.1.0") if not any(word in part for part in told)] == []


@pytest.mark.parametrize(
    ("seconds", "text"), [(5, "just now"), (130, "2 min ago"), (7300, "2 h ago"), (2e5, "2 d ago")]
)
def test_a_moment_is_told_in_its_largest_unit(seconds, text):
    assert ago(time.time() - seconds) == text
