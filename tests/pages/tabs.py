"""Gestures in a tab of a real browser: those of every screen, and those of the designer."""

import re
import time
from urllib.parse import urlencode

from app.text import TABLES
from tests.pages.chromium import PATIENCE, opened, settled, titled

ENGLISH = TABLES["en"]


class Tab:
    """One tab on a screen."""

    def __init__(self, page, address):
        self.page, self.address = page, address

    def show(self, screen, **query):
        """Open a screen by a link."""
        opened(self.page, self.address, screen, "en", "".join(f"&{key}={value}" for key, value in query.items()))
        self.settle()

    @staticmethod
    def show_all(tabs, screen, **query):
        """Open a screen by one link in several tabs, which then draw at once."""
        for tab in tabs:
            link = urlencode({"language": "en", **query})
            tab.page.goto(f"{tab.address}/{screen}?{link}", wait_until="commit")
        for tab in tabs:
            titled(tab.page, screen, "en")
            tab.settle()

    def open(self, name, **query):
        self.show("pipelines", pipeline=name, **query)

    def settle(self):
        """Wait until what was asked for is drawn."""
        settled(self.page)

    def box(self, label):
        return self.page.get_by_role("combobox", name=re.compile(rf"(?<!\w){re.escape(label)}(?!\w)"))

    @property
    def pipeline(self):
        """The pipeline that the tab shows, by its link."""
        return self.linked("pipeline")

    def linked(self, key):
        """Return what the link of the tab says; None where it says nothing."""
        return self.page.evaluate("key => new URLSearchParams(location.search).get(key)", key)

    def add(self, operator):
        """Add a step; the list is searched by the operator's name.

        A list that is drawn anew in the moment of the click takes no choice: then it is chosen once more, as one does.
        """
        box = self.box(ENGLISH["pipelines.add"])
        self.page.evaluate("window.said = ''")
        for _ in range(3):
            box.fill(operator)
            self.page.get_by_role("option").filter(has_text=operator).first.click(timeout=PATIENCE)
            self.settle()
            if self.page.evaluate("operator => window.said.includes(`, ${operator})`)", operator):
                return

    def press(self, key):
        self.click(key)
        self.settle()

    def press_until(self, key, holds):
        """Press a button, again where nothing came of it: Streamlit loses a press whose run another one breaks off."""
        for _ in range(3):
            self.press(key)
            if becomes(holds, True) is True:
                return

    def click(self, key):
        """Press a button, and do not wait: what begins work may draw anew again and again until that has ended."""
        main = self.page.get_by_test_id("stMain")  # Streamlit has a button above that is called Stop, too
        main.get_by_role("button", name=ENGLISH[key], exact=True).first.click(timeout=PATIENCE)

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
        self.page.reload()
        titled(self.page, "pipelines", "en")

    def back(self):
        self.page.evaluate("history.back()")

    def pick(self, label, text):
        """Choose in a list by the beginning of its label, as one who types it."""
        self.box(label).fill(text, timeout=PATIENCE / 6)
        wanted = self.page.get_by_role("option").filter(has_text=re.compile(rf"^{re.escape(text)}"))
        wanted.first.click(timeout=PATIENCE / 6)
        self.settle()


def becomes(look, wanted):
    """Return what `look` returns: `wanted` as soon as it does, what it is after some seconds otherwise."""
    until = time.monotonic() + 15
    while (found := look()) != wanted and time.monotonic() < until:
        time.sleep(0.1)
    return found
