"""Claim: another step of a pipeline is shown 0.5 s after the click at 25 steps, 0.7 s at 100.

A real Chromium opens a pipeline by its link and clicks twenty steps on the canvas, one after the other. A choice is
settled when the form of the step is drawn, the step is marked on the canvas, and no script runs, all for 0.4 s on
end, which are not counted. In a fresh tab the first step is clicked as soon as the canvas shows it; that may take 2 s.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench_start import CHROMIUM, FLAGS, _free_port
from measuring import median, say, verdict, write_figures

from engine import Workbench

ROOT = Path(__file__).parents[2]
LIMITS = {25: 0.5, 100: 0.7}  # seconds by steps; 200 steps are measured, too, and have no limit
SIZES, CHOICES, TABS, FIRST_S = (25, 100, 200), 20, 3, 2.0
PATIENCE = 90_000  # milliseconds
FRAME = "iframe[title*=streamlit_flow]"
WATCH = """([node, quiet]) => {
    const began = performance.now();
    let since = null;
    const script = () => document.querySelector('[data-testid=stApp]').dataset.testScriptState;
    const form = () => [...document.querySelectorAll('[data-testid=stMain] [data-testid=stMarkdownContainer] p')]
        .some((one) => one.textContent.endsWith(` · ${node}`) && one.offsetParent && !one.closest('[data-stale=true]'));
    const mark = () => {
        const frame = document.querySelector('iframe[title*=streamlit_flow]');
        const found = frame?.contentDocument?.querySelector(`.react-flow__node[data-id="${node}"]`);
        return found && parseFloat(frame.contentWindow.getComputedStyle(found).borderTopWidth) > 1.5;
    };
    window.choice = null;
    const look = () => {
        const now = performance.now();
        if (script() === 'notRunning' && form() && mark()) since ??= now; else since = null;
        if (since !== null && now - since > quiet) window.choice = (since - began) / 1000;
        else requestAnimationFrame(look);
    };
    look();
}"""
SEEN = """() => {
    const frame = document.querySelector('iframe[title*=streamlit_flow]');
    const box = frame?.getBoundingClientRect(), nodes = frame?.contentDocument?.querySelectorAll('.react-flow__node');
    const places = [...nodes ?? []].map((one) => [one.dataset.id, one.getBoundingClientRect()]);
    const low = Math.min(box?.height, innerHeight - box?.y) - 8;
    return places.filter(([, at]) => at.width && at.x > 60 && at.right < box.width - 8 && at.y > 8 && at.bottom < low)
        .map(([name, at]) => [name, box.x + at.x + at.width / 2, box.y + at.y + at.height / 2]);
}"""


def main() -> int:
    """Measure choices at each size and return 1 where they take too long."""
    if CHROMIUM is None:
        say("  Chromium is missing, so nothing can be measured.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        bench = Workbench.open(root)
        bench.datasets.add("churn", ROOT / "data_samples" / "churn.csv")
        for size in SIZES:
            bench.pipelines.create(f"chain{size}", document(size))
        with _served(root) as address, _browser() as browser:
            _firsts(browser, address, SIZES[0], 1)  # the imports of the server are no part of a choice
            found = {size: _measured(browser, address, size) for size in SIZES}
    write_figures("canvas", {"choices": CHOICES, "steps": found})
    kept = [
        verdict(f"median seconds of a choice at {size} steps", found[size]["median_s"], LIMITS[size]) for size in LIMITS
    ]
    kept += [
        verdict(f"seconds of the first choice at {size} steps", found[size]["first_s"], FIRST_S) for size in LIMITS
    ]
    return 0 if all(kept) else 1


def document(size: int) -> dict[str, Any]:
    """Return a pipeline of `size` steps: a chain with a short branch after every tenth."""
    nodes: dict[str, Any] = {"read": {"operator": "read_dataset", "with": {"dataset": "churn"}}}
    before = "read"
    for number in range(1, size):
        source = f"s{number - 3}" if number % 10 == 6 else before
        parameters = {"name": f"c{number}", "expression": f"age + {number}"}
        nodes[f"s{number}"] = {"operator": "formula_column", "with": parameters, "from": {"table": source}}
        before = f"s{number}"
    return {"name": f"chain{size}", "nodes": nodes}


def _measured(browser: Any, address: str, size: int) -> dict[str, float]:
    firsts = _firsts(browser, address, size, TABS)
    with _opened(browser, address, size) as tab:
        choices = [_chosen(tab, number) for number in range(CHOICES)]
    figures = {"median_s": median(choices), "worst_s": max(choices), "first_s": max(firsts)}
    told = "   ".join(f"{name} {value:5.2f}" for name, value in figures.items())
    say(f"  {size:>3} steps   {told}   firsts {', '.join(f'{one:.2f}' for one in firsts)}")
    return figures


def _firsts(browser: Any, address: str, size: int, tabs: int) -> list[float]:
    found = []
    for number in range(tabs):
        with _opened(browser, address, size, wait=False) as tab:
            found.append(_chosen(tab, number))
    return found


def _chosen(tab: Any, number: int) -> float:
    """Click a step that is not shown and return the seconds until it is settled."""
    tab.wait_for_function(f"({SEEN})().length > 1", timeout=PATIENCE)
    shown = tab.url.rpartition("node=")[2].partition("&")[0]
    steps = [one for one in tab.evaluate(SEEN) if one[0] != shown]
    name, x, y = steps[7 * number % len(steps)]
    tab.evaluate(WATCH, [name, 400])
    tab.mouse.click(x, y)
    tab.wait_for_function("window.choice !== null", timeout=PATIENCE)
    return float(tab.evaluate("window.choice"))


@contextlib.contextmanager
def _opened(browser: Any, address: str, size: int, *, wait: bool = True) -> Iterator[Any]:
    """A tab of its own that shows a pipeline; it forgets all at its end."""
    context = browser.new_context(viewport={"width": 1360, "height": 900}, locale="en-US")
    tab = context.new_page()
    tab.goto(f"{address}/pipelines?pipeline=chain{size}&node=read")
    tab.locator(FRAME).wait_for(timeout=PATIENCE)
    if wait:
        tab.wait_for_timeout(3000)
    yield tab
    context.close()


@contextlib.contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def _served(root: Path) -> Iterator[str]:
    """The screens of a workspace, without an engine; gives their address."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app" / "main.py"), f"--server.port={port}"]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "TANDEM_WORKSPACE": str(root)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **silent) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _wait_for(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{url} does not answer.")


if __name__ == "__main__":
    sys.exit(main())
