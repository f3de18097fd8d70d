"""Gestures of the designer in a tab of a real browser."""

import re
from contextlib import suppress

from playwright import sync_api

from app.text import TABLES
from tests.pages.chromium import opened, titled

ENGLISH = TABLES["en"]
PATIENCE = 60_000
COUNT_RUNS = """
window.runs = 0;
new MutationObserver(() => { window.runs += 1; }).observe(document, {
    subtree: true, attributes: true, attributeFilter: ["data-test-script-state"],
});
"""
IDLE = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"


class Tab:
    """One tab on a pipeline."""

    def __init__(self, page, address):
        self.page, self.address, self.seen = page, address, 0
        page.add_init_script(COUNT_RUNS)

    def open(self, name, **query):
        more = "".join(f"&{key}={value}" for key, value in query.items())
        self.seen = 0
        opened(self.page, self.address, "pipelines", "en", f"&pipeline={name}{more}")
        self.settle()

    def settle(self):
        """Wait until what was asked for is done and drawn: a run that began after the last look has ended."""
        with suppress(sync_api.TimeoutError):
            self.page.wait_for_function(f"window.runs > {self.seen}", timeout=3000)
        for _ in range(2):
            self.page.wait_for_function(IDLE, timeout=PATIENCE)
            self.page.wait_for_timeout(100)
        self.seen = self.page.evaluate("window.runs")

    def box(self, label):
        return self.page.get_by_role("combobox", name=re.compile(rf"\b{re.escape(label)}\b"))

    @property
    def pipeline(self):
        """The pipeline that the tab shows, by its link."""
        return self.page.evaluate("new URLSearchParams(location.search).get('pipeline')")

    def add(self, operator):
        """Add a step; the list is searched by the operator's name."""
        box = self.box(ENGLISH["pipelines.add"])
        box.fill(operator)
        self.page.get_by_role("option").filter(has_text=operator).first.click(timeout=PATIENCE)
        self.settle()

    def press(self, key):
        self.page.get_by_role("button", name=ENGLISH[key], exact=True).first.click(timeout=PATIENCE)
        self.settle()

    def undo(self):
        self.press_tool("pipelines.undo")

    def redo(self):
        self.press_tool("pipelines.redo")

    def press_tool(self, key):
        self.tool(key).click(timeout=PATIENCE)
        self.settle()

    def tool(self, key):
        """Return a button of the tools, whose name has its shortcut behind it."""
        name = re.compile(rf"{re.escape(ENGLISH[key])}(\s|$)")
        return self.page.get_by_test_id("stMain").get_by_role("button", name=name).first

    def reload(self):
        self.seen = 0
        self.page.reload()
        titled(self.page, "pipelines", "en")

    def back(self):
        self.page.evaluate("history.back()")

    def pick(self, label, text):
        """Choose in a list by the beginning of its label."""
        self.box(label).click()
        self.page.get_by_role("option").filter(has_text=re.compile(rf"^{re.escape(text)}")).first.click()
        self.settle()
