"""Workspaces with and without content, and the screens on them."""

import contextlib
import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ElementList

from app.session import _opened, workbench
from engine import Workbench
from engine.config import Settings, Workspace
from engine.host.jobs import JobLoop
from engine.records import Records, services
from engine.records.services import ServiceRow
from engine.runs.driver import Driver
from engine.runs.inline_executor import InlineExecutor
from tests.pages.chromium import CHROMIUM, FLAGS, new_tab, served
from tests.pages.tabs import Tab

_found = ElementList.__call__


def _named(elements, key):
    """Return what has this key: a key may say what it is about after an `@`, and a test names the action alone."""
    about = [one.key for one in elements if str(getattr(one, "key", "")).partition("@")[0] == key]
    return _found(elements, about[0] if len(about) == 1 else key)


ElementList.__call__ = _named
ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data_samples"
CHURN = (ROOT / "app" / "templates" / "churn.yaml").read_text("utf-8")
"""A pipeline of five steps."""


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A workspace with everything in it, made without Ray: data, a run, a model, a service row, two reports."""
    root = tmp_path_factory.mktemp("full") / "workspace"
    with unstarted():
        fill(root)
    return root


@contextlib.contextmanager
def unstarted():
    """Ask for what needs an engine inside, and start none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
        yield


def fill(root):
    bench = Workbench.open(root)
    bench.datasets.add("churn", SAMPLES / "churn.csv")
    bench.datasets.add("awkward", ROOT / "tests" / "pages" / "awkward.csv")
    run = bench.run(CHURN)
    drive(root)
    assert run.document()["status"] == "succeeded"
    bench.models.register(run, "fit", name="churn")
    with Records.open(Workspace.at(root)).write() as connection:
        share = {"cpu": 1500, "gpu": 0, "memory": 0}
        row = ServiceRow("churn", "churn", "1", "inference", share, status="healthy", url="http://127.0.0.1:9/churn")
        services.put_service(connection, row)
        services.looked_at(connection, "churn")
    for batch in ("fresh", "drifted"):
        bench.monitor.check("churn", SAMPLES / f"churn_{batch}.csv")


def drive(root):
    """Do what was asked for, here, until nothing is left to do."""
    workspace = Workspace.at(root)
    executor = InlineExecutor()
    driver = Driver(workspace, Records.open(workspace), executor)
    driver.turn(0.1)
    while driver.busy:
        driver.turn(0.1)
    driver.close()
    executor.close()


def work(root):
    """Do the jobs that wait, here, as the engine would."""
    workspace = Workspace.at(root)
    JobLoop(workspace, Records.open(workspace), Settings()).do_waiting()


@pytest.fixture(autouse=True)
def heard(monkeypatch):
    """AppTest hands over every picture at once; what a browser may not have heard of is tested for itself."""
    monkeypatch.setattr("app.session.is_sent", lambda drawn: True)


@pytest.fixture(autouse=True)
def unasked(monkeypatch):
    """Requests for an engine are noted, and none starts: `work` does the jobs."""
    asked = []

    def ensure(desk):
        asked.append(desk)

    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", ensure)
    return asked


@pytest.fixture(params=["empty", "full"])
def workspace(request, tmp_path, monkeypatch):
    """An empty workspace, then a full one, as `TANDEM_WORKSPACE`; no engine runs in either."""
    return _used(request, tmp_path, monkeypatch, full=request.param == "full")


@pytest.fixture
def full(request, tmp_path, monkeypatch):
    """A full workspace, which other tests use too."""
    return _used(request, tmp_path, monkeypatch, full=True)


@pytest.fixture
def empty(request, tmp_path, monkeypatch):
    """An empty workspace."""
    return _used(request, tmp_path, monkeypatch, full=False)


def _used(request, tmp_path, monkeypatch, *, full):
    root = request.getfixturevalue("finished") if full else tmp_path / "workspace"
    monkeypatch.setenv("TANDEM_WORKSPACE", str(root))
    _opened.clear()
    return root


@pytest.fixture
def desk(full):
    """The pipelines of the full workspace, which the screens show."""
    return workbench().pipelines


ODD = {
    "hostile": {
        f"<b>{'x' * 3000}</b>": ["![p](http://x/y.png)"] * 25, "=cmd": ["<script>"] * 25, "$x$ :red[y]": [1.5] * 25,
    },
    "norows": {"a": pl.Series([], dtype=pl.Int64), "b": pl.Series([], dtype=pl.String)},
    "onecolumn": {"a": list(range(30))},
    "allnull": {"a": pl.Series([None] * 30, dtype=pl.Float64), "b": pl.Series([None] * 30, dtype=pl.String)},
    "types": {
        "raw": [b"a", b"b"] * 15, "span": [dt.timedelta(number) for number in range(30)], "on": [True, None] * 15,
        "clock": [dt.time(number % 24) for number in range(30)], "day": [dt.date(2024, 1, 1)] * 30,
    },
}  # fmt: skip
"""Tables that are hard to show."""


@pytest.fixture
def odd(empty):
    """A workspace with a dataset for each of `ODD`; their names."""
    for name, columns in ODD.items():
        workbench().datasets.put(name, pl.DataFrame(columns))
    return list(ODD)


@pytest.fixture
def screens():
    """Open a page by name and return the app: `screens("runs", language="zh", run="r1")`."""

    def opened(page, **query):
        app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
        app.query_params.update(query)
        app.run()
        if page != "home":
            app.switch_page(str(ROOT / "pages" / f"{page}.py"))
            app.query_params.update(query)
            app.run()
        return app

    return opened


@pytest.fixture(scope="session")
def address(finished):
    """Where a browser finds the screens of the full workspace."""
    with served(finished) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    """One Chromium for the tests of a file: while it lives, no other test can have a loop of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser):
    """A tab that remembers every address it asked for."""
    page = new_tab(browser)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("websocket", lambda websocket: page.asked.append(websocket.url))
    yield page
    page.close()


@pytest.fixture
def tabs(browser, address):
    """Two tabs on one workspace."""
    pages = [new_tab(browser) for _ in range(2)]
    yield [Tab(page, address) for page in pages]
    for page in pages:
        page.close()
