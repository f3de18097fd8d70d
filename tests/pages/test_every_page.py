"""Every page opens on every workspace, in both languages, with the engine down or up."""

import re

import pytest

from app.navigation import SCREENS
from app.text import TABLES

PAGES = [screen.name for screen in SCREENS]
KEY = re.compile(rf"\b({'|'.join(sorted({key.split('.')[0] for key in TABLES['en']}))})\.[a-z]+_?[a-z_]*\b")


def told(app):
    """Return everything a page says in its own words: no code, no tables, no errors of the engine."""
    kinds = (
        app.title,
        app.subheader,
        app.caption,
        app.info,
        app.warning,
        app.success,
        app.button,
        app.selectbox,
        app.markdown,
    )
    texts = [getattr(element, "label", None) or getattr(element, "value", "") for kind in kinds for element in kind]
    return [str(text) for text in texts if text]


def faults(app):
    """Return the errors that a page shows; drift is a finding, not one of them."""
    return [error.value for error in app.error if error.icon == ":material/error:"]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_page_opens_while_the_engine_is_down(workspace, screens, page, language):
    app = screens(page, language=language)
    assert not app.exception
    assert not faults(app)
    assert [title.value for title in app.title] == [TABLES[language][f"page.{page}"]]
    assert TABLES[language]["engine.down"] in [warning.value for warning in app.warning]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_page_says_nothing_untranslated(full, screens, page, language):
    assert [text for text in told(screens(page, language=language)) if KEY.search(text)] == []


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_while_the_engine_runs(full, screens, page, monkeypatch):
    up = {"running": True, "starting": False, "failed": None}
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.status", lambda desk: up)
    app = screens(page)
    assert not app.exception
    assert not app.warning or TABLES["en"]["engine.down"] not in [warning.value for warning in app.warning]


VIEWS = [
    *(("data", "data_view", view) for view in ("preview", "profile", "rejects", "query")),
    *(("runs", "run_view", view) for view in ("nodes", "metrics", "output", "why", "logs", "register")),
]


@pytest.mark.parametrize(("page", "parameter", "view"), VIEWS)
def test_a_link_opens_each_view(full, screens, page, parameter, view):
    app = screens(page, **{parameter: view})
    assert not app.exception
    assert not faults(app)


def test_a_link_opens_the_dataset_it_names(full, screens):
    assert screens("data", dataset="churn").selectbox(key="dataset").value == "churn"


def test_a_link_to_something_that_is_gone_opens_the_page(full, screens):
    app = screens("runs", run="r0", run_view="nothing")
    assert not app.exception
    assert not faults(app)


def test_damaged_records_are_a_sentence_on_every_page(empty, screens, monkeypatch):
    empty.mkdir()
    (empty / "records.db").write_bytes(b"this is no database" * 400)
    app = screens("runs")
    assert not app.exception
    assert faults(app)
