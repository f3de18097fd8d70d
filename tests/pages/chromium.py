"""The screens in a real browser: served on a port of their own, opened, and watched for what they ask outside."""

import contextlib
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

from app.text import TABLES

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
SCREENSHOTS = Path(__file__).parent / "screenshots"
LOOPBACK = {"127.0.0.1", "localhost", None}
QUIET = "!document.querySelector('[data-testid=\"stStatusWidget\"]')"
PATIENCE = 60_000
LISTEN = """
// Of a page and of what is framed in it: when somebody last did something, a run was asked for, its state changed, and
// it ended. What a live part asks for by its clock, once all else has ended, counts as nothing (`still` is kept).
const page = window.top;
if (page === window) {
    page.acted = page.asked = page.changed = page.ended = 0;
    page.said = "";
}
for (const event of ["click", "keydown", "input", "mouseup"]) {
    document.addEventListener(event, () => { page.acted = page.performance.now(); }, true);
}
function byClock(bytes) {  // whether field 6 of Streamlit's ClientState is true: is_auto_rerun
    let at = 1;
    const number = () => {
        let value = 0;
        for (let shift = 0; ; shift += 7) {
            value += (bytes[at] & 127) * 2 ** shift;
            if (bytes[at++] < 128) return value;
        }
    };
    number();
    while (at < bytes.length) {
        const tag = number(), value = number();
        if (tag === 48) return value === 1;
        if (tag % 8 === 2) at += value;
    }
    return false;
}
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (sent) {
    const bytes = new Uint8Array(sent.buffer || sent, sent.byteOffset || 0, sent.byteLength);
    if (bytes[0] === 0x5a) {  // field 11 of Streamlit's BackMsg: rerun_script
        if (!byClock(bytes)) {
            page.asked = page.performance.now();
            page.said += new TextDecoder().decode(bytes);  // what is chosen everywhere
            page.still = false;
        } else if (page.ended > page.asked) page.still = true;
    }
    return send.call(this, sent);
};
if (page === window) {
    new MutationObserver(changes => {
        if (page.still) return;
        page.changed = page.performance.now();
        const app = changes.at(-1).target;
        if (app.dataset.testScriptState === "notRunning") page.ended = page.changed;
    }).observe(document, {subtree: true, attributes: true, attributeFilter: ["data-test-script-state"]});
}
"""
IDLE = """() => new Promise(done =>
    requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(done, {timeout: 10000}))))"""
"""What was done has been drawn by the browser, and what follows from that was sent."""
SETTLED = """() => {
    const since = performance.now() - Math.max(window.changed, window.asked, window.acted);
    const idle = document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning';
    return (idle || window.still) && window.ended > window.asked && since > 600;
}"""
IN_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing: install the system's chromium"),
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def served(root):
    """The screens of a workspace, without an engine; gives their address."""
    with process_of(root) as (address, _):
        yield address


@contextlib.contextmanager
def process_of(root, **variables):
    """The screens of a workspace, without an engine; gives their address and the number of their process."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app" / "served.py"), f"--server.port={port}"]
    environment = {**os.environ, "TANDEM_WORKSPACE": str(root), **variables}
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **silent) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}", process.pid
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


def new_tab(browser, **options):
    """Return a new tab of a usual size, English, unless the options say otherwise."""
    return listening(browser.new_page(**{"viewport": {"width": 1360, "height": 900}, "locale": "en-US", **options}))


def listening(tab):
    """Return a tab that knows when what was asked for is drawn, see `settled`."""
    tab.add_init_script(LISTEN)
    return tab


def settled(tab):
    """Wait until what was asked for is drawn: a run has ended since, or none was asked for, and no other follows."""
    tab.evaluate(IDLE)
    tab.wait_for_function(SETTLED, timeout=PATIENCE)


def until(tab, holds):
    """Return whether something holds within some seconds."""
    for _ in range(60):
        if holds():
            return True
        tab.wait_for_timeout(250)
    return False


def opened(tab, address, screen, language, query=""):
    """Open a screen by its link and wait until it is drawn."""
    place = "" if screen == "home" else screen
    tab.goto(f"{address}/{place}?language={language}{query}")
    titled(tab, screen, language)
    settled(tab)


def titled(tab, screen, language):
    """Wait until the tab shows a screen, drawn to its end."""
    tab.get_by_role("heading", name=TABLES[language][f"page.{screen}"], exact=True, level=1).wait_for(timeout=60_000)
    tab.wait_for_function(QUIET, timeout=60_000)


def shot(tab, name):
    """Keep a picture of the whole page, for people to look at, where `TANDEM_SCREENSHOTS` is set."""
    if not os.environ.get("TANDEM_SCREENSHOTS"):
        return
    SCREENSHOTS.mkdir(exist_ok=True)
    tab.wait_for_function(QUIET, timeout=60_000)
    height = tab.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    size = tab.viewport_size
    tab.set_viewport_size({"width": size["width"], "height": min(max(size["height"], height), 3000)})
    tab.wait_for_timeout(300)
    tab.screenshot(path=SCREENSHOTS / f"{name}.png")
    tab.set_viewport_size(size)


def outside(tab):
    """Return the addresses beyond this machine that the tab asked for."""
    return [url for url in tab.asked if urlsplit(url).scheme != "data" and urlsplit(url).hostname not in LOOPBACK]
