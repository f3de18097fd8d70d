"""Claim: `tandem up` in an empty folder gives a page that can be used in under 20 s, and a trained model in 60 s more.

A real Chromium waits for Home, then presses "Train on this sample" (one click; three are allowed) and waits until the
run has succeeded. The rival in the same run is a Streamlit script of one line: what of the start is not ours.
"""

import contextlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measuring import say, verdict, write_figures

from app.text import TABLES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
PAGE_S, MODEL_S = 20.0, 60.0
TEXTS = TABLES["en"]


def main() -> int:
    """Measure a start and return 1 where it takes too long."""
    if CHROMIUM is None:
        say("  Chromium is missing, so nothing can be measured.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        rival = _seconds_of_one_line(Path(folder))
        page, model = _seconds_of_tandem(Path(folder) / "workspace")
    figures = {"first_page_s": page, "one_line_script_s": rival, "ratio": page / rival, "trained_model_s": model}
    write_figures("start", figures)
    kept = [
        verdict("seconds to the first page", page, PAGE_S),
        verdict("seconds from the click to a trained model", model, MODEL_S),
    ]
    say(f"  a one-line script takes {rival:.1f} s: {page / rival:.1f} times")
    return 0 if all(kept) else 1


def _seconds_of_tandem(workspace: Path) -> tuple[float, float]:
    port = _free_port()
    tandem = Path(sys.executable).parent / "tandem"
    command = [str(tandem), "--workspace", str(workspace), "up", "--no-browser", "--port", str(port)]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            with _tab() as tab:
                _open(tab, f"http://127.0.0.1:{port}")
                tab.get_by_role("heading", name=TEXTS["page.home"], level=1).wait_for(timeout=120_000)
                button = tab.get_by_role("button", name=TEXTS["home.train"])
                button.first.wait_for(timeout=120_000)
                page = time.perf_counter() - began
                clicked = time.perf_counter()
                button.first.click()
                tab.get_by_text(TEXTS["status.succeeded"]).first.wait_for(timeout=180_000)
                return page, time.perf_counter() - clicked
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def _seconds_of_one_line(folder: Path) -> float:
    script = folder / "one_line.py"
    script.write_text('import streamlit as st; st.title("One line")\n')
    port = _free_port()
    options = ["--server.headless=true", f"--server.port={port}", "--browser.gatherUsageStats=false"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.address=127.0.0.1", *options]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder) as process:
        try:
            with _tab() as tab:
                _open(tab, f"http://127.0.0.1:{port}")
                tab.get_by_role("heading", name="One line").wait_for(timeout=120_000)
                return time.perf_counter() - began
        finally:
            process.kill()


@contextlib.contextmanager
def _tab() -> Iterator[Any]:
    """A tab of a Chromium of its own; its start is part of what is measured, for both."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page(viewport={"width": 1360, "height": 900}, locale="en-US")
        browser.close()


def _open(tab: Any, address: str) -> None:
    """Ask for an address until somebody answers, at most two minutes."""
    from playwright.sync_api import Error

    for _ in range(1200):
        try:
            tab.goto(address)
        except Error:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{address} does not answer.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
