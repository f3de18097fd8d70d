"""The screen of settings: each preference with its origin; a change is kept and has an effect."""

import pytest

from app.preferences import reread
from app.previews import moment
from app.session import workbench
from app.text import TABLES

ENGLISH = TABLES["en"]


@pytest.fixture(autouse=True)
def fresh():
    """What one test prefers is not remembered in the next."""
    reread()
    yield
    reread()


def field(widgets, name):
    return next(widget for widget in widgets if widget.label == ENGLISH[f"settings.{name}"])


def test_a_change_is_kept_and_can_be_taken_back(empty, screens):
    app = screens("settings")
    field(app.number_input, "seed").set_value(7).run()
    assert workbench().preferences.values()["seed"] == 7
    app.button(key="settings.reset.seed").click().run()
    assert workbench().preferences.values()["seed"] == 0
    assert field(app.number_input, "seed").value == 0


def test_a_refused_value_stays_where_it_was_typed(empty, screens):
    app = screens("settings")
    field(app.number_input, "seed").set_value(2**40).run()
    assert not app.exception
    assert field(app.number_input, "seed").value == 2**40
    assert any("is not possible here" in element.value for element in app.markdown)
    assert workbench().preferences.values()["seed"] == 0


def test_what_the_environment_sets_is_shown_and_locked(empty, screens, monkeypatch):
    monkeypatch.setenv("TANDEM_ENGINE", "duckdb")
    app = screens("settings")
    assert field(app.selectbox, "engine").value == "duckdb"
    assert field(app.selectbox, "engine").disabled
    assert any("TANDEM_ENGINE" in caption.value for caption in app.caption)


def test_a_change_elsewhere_is_followed_and_not_undone(empty, screens):
    app = screens("settings")
    workbench().preferences.keep("engine", "spark")
    app.run()
    assert field(app.selectbox, "engine").value == "spark"
    assert workbench().preferences.values()["engine"] == "spark"


def test_moments_are_shown_in_the_zone_that_is_preferred(empty):
    workbench().preferences.keep("time_zone", "Asia/Shanghai")
    reread()
    assert moment(0.0) == "1970-01-01 08:00:00"


def test_a_new_run_begins_with_what_is_preferred(empty, screens):
    bench = workbench()
    bench.pipelines.create("churn")
    bench.preferences.keep("engine", "duckdb")
    bench.preferences.keep("seed", 9)
    app = screens("pipelines")
    assert "duckdb" in [box.value for box in app.selectbox]
    assert 9 in [box.value for box in app.number_input]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("view", ["preferences", "variables", "parts", "checks"])
def test_a_link_opens_each_section(empty, screens, view, language):
    app = screens("settings", settings_view=view, language=language)
    assert not app.exception
    assert not app.error
    assert bool(app.dataframe) == (view != "preferences")


def test_the_language_is_changed_here_too(empty, screens):
    app = screens("settings")
    app.button(key="settings.language.zh").click().run()
    assert [title.value for title in app.title] == [TABLES["zh"]["page.settings"]]
