"""The screens in a real browser: nothing breaks, nothing is fetched from outside."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.navigation import SCREENS
from app.text import TABLES

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
SCREENSHOTS = Path(__file__).parent / "screenshots"
LOOPBACK = {"127.0.0.1", "localhost", None}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing: install the system's chromium"),
]


@pytest.fixture(scope="module")
def address(finished):
    """The screens of the full workspace on a port of their own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app" / "main.py"), f"--server.port={port}"]
    environment = {**os.environ, "TANDEM_WORKSPACE": str(finished)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def wait_for(url, process):
    for _ in range(600):
        assert process.poll() is None, "the screens have ended"
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{url} does not answer")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser):
    """A tab that remembers every address it asked for."""
    page = browser.new_page(viewport={"width": 1360, "height": 900}, locale="en-US")
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("websocket", lambda websocket: page.asked.append(websocket.url))
    yield page
    page.close()


def opened(tab, address, screen, language, query=""):
    place = "" if screen == "home" else screen
    tab.goto(f"{address}/{place}?language={language}{query}")
    tab.get_by_role("heading", name=TABLES[language][f"page.{screen}"], exact=True, level=1).wait_for(timeout=60_000)
    tab.wait_for_function("!document.querySelector('[data-testid=\"stStatusWidget\"]')", timeout=60_000)
    tab.wait_for_load_state("networkidle")


def outside(tab):
    return [url for url in tab.asked if urlsplit(url).scheme != "data" and urlsplit(url).hostname not in LOOPBACK]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("screen", [screen.name for screen in SCREENS])
def test_page_opens_in_a_browser_and_asks_nobody_outside(address, tab, screen, language):
    opened(tab, address, screen, language)
    SCREENSHOTS.mkdir(exist_ok=True)
    tab.screenshot(path=SCREENSHOTS / f"{screen}_{language}.png")
    assert tab.locator('[data-testid="stException"]').count() == 0
    assert outside(tab) == []


def test_names_and_cells_are_never_markup(address, tab):
    fired = []
    tab.on("dialog", lambda dialog: (fired.append(dialog.message), dialog.dismiss()))
    for view in ("preview", "profile"):
        opened(tab, address, "data", "en", f"&dataset=awkward&data_view={view}")
    assert fired == []
    assert outside(tab) == []


def test_the_language_changes_in_place_and_stands_in_the_link(address, tab):
    opened(tab, address, "runs", "en")
    tab.locator('[data-testid="stSidebar"] [data-testid="stSelectbox"]').first.click()
    tab.get_by_role("option", name="简体中文").click()
    tab.get_by_role("heading", name=TABLES["zh"]["page.runs"], exact=True, level=1).wait_for(timeout=60_000)
    tab.wait_for_url("**language=zh**")
