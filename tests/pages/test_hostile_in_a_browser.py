"""Strings that users set are shown as they are, on every page: no script, no fetch, no link comes of them."""

import pytest

from tests.pages.chromium import IN_CHROMIUM, opened, outside, served
from tests.pages.conftest import drive, unstarted
from tests.pages.hostile import MODEL, PROTOTYPE, SOURCE, fill_hostile

pytestmark = IN_CHROMIUM
LURKING = """() => [...document.querySelectorAll('img, a')].filter(element =>
    ['x'].includes(element.getAttribute('src')) || ['src', 'href'].some(name =>
        /^javascript:|198.51.100.7/.test(element.getAttribute(name) || ''))).map(element => element.outerHTML)"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The screens of the hostile workspace: their address and the run."""
    root = tmp_path_factory.mktemp("hostile") / "workspace"
    with unstarted():
        run = fill_hostile(root, drive)
    with served(root) as address:
        yield address, run


PLACES = [
    ("home", ""),
    *(("data", f"&dataset={SOURCE}&data_view={view}") for view in ("preview", "columns", "versions", "usage")),
    *(("explore", f"&dataset={SOURCE}&explore_view={view}") for view in ("profile", "charts", "query")),
    ("features", f"&dataset={SOURCE}"),
    *(("pipelines", f"&pipeline={PROTOTYPE}&node=fill&pipeline_view={view}") for view in ("step", "file", "versions")),
    *(("runs", f"&run_view={view}") for view in ("nodes", "metrics", "output", "why", "logs", "register")),
    *(("models", f"&model={MODEL}&model_view={view}") for view in ("card", "deploy", "beside")),
    *(("services", f"&service={MODEL}&service_view={view}") for view in ("try", "call")),
    ("monitoring", f"&service={MODEL}"),
    ("resources", ""),
]


OFTEN = ("data", "pipelines", "runs", "models", "services")
"""Screens whose first view `make test` opens; `make test-slow` has the others: their texts go through the same code."""
FIRST = [next(place for place in PLACES if place[0] == screen) for screen in OFTEN]


@pytest.mark.parametrize(
    ("screen", "query"),
    [place if place in FIRST else pytest.param(*place, marks=pytest.mark.slow) for place in PLACES],
)
def test_hostile_strings_are_inert(hostile, tab, screen, query):
    address, run = hostile
    opened(tab, address, screen, "en", f"{query}&run={run}" if screen == "runs" else query)
    assert tab.evaluate("window.hit") is None
    assert tab.evaluate(LURKING) == []
    assert outside(tab) == []
    assert tab.locator('[data-testid="stException"]').count() == 0
