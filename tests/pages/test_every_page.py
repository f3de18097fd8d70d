"""Every page opens under every condition, and says everything in the language of the session."""

import re

import pytest
from streamlit import config

from app.navigation import SCREENS
from app.text import TABLES
from tests.pages.conftest import CHURN

PAGES = [screen.name for screen in SCREENS]
CONDITIONS = ("empty", "full", "engine down", "read-only", "Chinese", "dark")
KEY = re.compile(rf"\b({'|'.join(sorted({key.split('.')[0] for key in TABLES['en']}))})\.[a-z]+_?[a-z_]*\b")
FOUND_BY = re.compile(r"  \([^()]*\)$")  # the palette names an operator in Chinese, and by what else it is found
SENTENCE = re.compile(r"[A-Za-z']{2,}(?:,? [A-Za-z']+){3,}")
ONLY_ENGLISH = set(TABLES["en"].values()) - set(TABLES["zh"].values())
UP = {"running": True, "ready": True, "pid": 1, "started": 0.0, "heartbeat": 0.0, "host": "here", "starting": False}


def words_of(element):
    """Return what an element says in words of ours: its text, its label, its help and its choices; no table's cells."""
    proto = element.proto
    named = ("body", "label", "help", "placeholder", "value", "delta")
    texts = [getattr(proto, name, "") for name in named if element.type not in {"text_input", "text_area", "code"}]
    texts += [getattr(proto, name, "") for name in ("label", "help", "placeholder")]
    options = [str(getattr(option, "content", option)) for option in getattr(proto, "options", ())]
    return [str(text) for text in (*texts, *options) if isinstance(text, str) and text]


def told(app):
    """Return everything a page says in its own words: no code, no cells of tables."""
    return [text for element in elements(app) for text in words_of(element)]


def elements(app):
    """Return every element of the page and its sidebar."""
    waiting, found = [app.main, app.sidebar], []
    while waiting:
        block = waiting.pop()
        for child in block.children.values():
            if hasattr(child, "children"):
                found += [child] if child.proto is not None else []
                waiting.append(child)
            elif child.type not in {"code", "json", "arrow_data_frame", "iframe", "html"}:
                found.append(child)
    return found


def faults(app):
    """Return the errors that a page shows; drift is a finding, not one of them."""
    return [error.value for error in app.error if error.icon == ":material/error:"]


def warnings(app):
    return [warning.value for warning in app.warning]


@pytest.fixture(params=CONDITIONS)
def condition(request, monkeypatch):
    """One condition after the other, with the workspace and the settings that it means."""
    request.getfixturevalue("empty" if request.param == "empty" else "full")
    if request.param != "engine down":
        monkeypatch.setattr("engine.workbench.engine.EngineDesk.status", lambda desk: UP)
    if request.param == "read-only":
        monkeypatch.setenv("TANDEM_READ_ONLY", "1")
    if request.param == "dark":
        config.set_option("theme.base", "dark")
    yield request.param
    config.set_option("theme.base", None)


@pytest.mark.parametrize("page", PAGES)
def test_page_opens(page, condition, screens):
    language = "zh" if condition == "Chinese" else "en"
    app = screens(page, language=language)
    assert not app.exception
    assert not faults(app)
    assert [title.value for title in app.title] == [TABLES[language][f"page.{page}"]]
    assert [text for text in told(app) if KEY.search(text)] == []
    assert (TABLES[language]["engine.down"] in warnings(app)) == (condition == "engine down")
    assert (TABLES[language]["engine.read_only"] in [info.value for info in app.info]) == (condition == "read-only")


@pytest.fixture
def churned(desk):
    """The name of a pipeline of five steps, which is gone afterwards."""
    name = desk.create(desk.free_name("churned"), CHURN)["name"]
    yield name
    desk.delete(name)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("content", ["empty", "full"])
def test_a_chinese_page_has_no_english_hole(request, page, content, screens):
    request.getfixturevalue(content)
    # A pipeline of our own: columns that another test has made have names which read like a sentence.
    link = {"pipeline": request.getfixturevalue("churned")} if (page, content) == ("pipelines", "full") else {}
    said = [FOUND_BY.sub("", text) for text in told(screens(page, language="zh", **link))]
    assert [text for text in said if text in ONLY_ENGLISH] == []
    assert [text for text in said if SENTENCE.search(text)] == []


VIEWS = [
    *(("data", "data_view", view) for view in ("preview", "columns", "versions", "rejects", "usage")),
    *(("explore", "explore_view", view) for view in ("profile", "charts", "compare", "query")),
    *(("runs", "run_view", view) for view in ("nodes", "metrics", "output", "why", "logs", "register")),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("page", "parameter", "view"), VIEWS)
def test_a_link_opens_each_view(full, screens, page, parameter, view, language):
    app = screens(page, **{parameter: view}, language=language)
    assert not app.exception
    assert not faults(app)
    assert [text for text in told(app) if KEY.search(text)] == []
    assert language == "en" or [text for text in told(app) if SENTENCE.search(text)] == []


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
