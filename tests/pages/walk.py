"""The walk of a new user from a file to drift, by hand in a browser: what is pressed, and what must then be seen."""

import contextlib
import re

from playwright.sync_api import Error, expect

from app.text import TABLES
from tests.pages.chromium import ROOT, shot, titled

SAMPLES = ROOT / "data_samples"
PATIENCE = 120_000  # milliseconds that the engine may take for one step on a busy machine
LOOKS = 4  # tries to choose a view while the page is drawn again and again


class Walk:
    """One person with one tab, in one language.

    Args:
        tab: On the screens of an empty workspace whose engine runs.
        language: Of the screens.
        pictures: Begins the names of the pictures that are kept; none is kept when empty.
    """

    def __init__(self, tab, language, pictures=""):
        self.tab, self.language, self.pictures = tab, language, pictures
        self.steps = 0

    def text(self, key):
        return TABLES[self.language][key]

    def go(self, screen):
        side = self.tab.locator('[data-testid="stSidebar"]')
        side.get_by_role("link", name=self.text(f"page.{screen}"), exact=True).click()
        self.at(screen)

    def at(self, screen):
        titled(self.tab, screen, self.language)

    def press(self, key, role="button"):
        button = self.tab.get_by_role(role, name=re.compile(rf"(^|\s){re.escape(self.text(key))}($|\s)"))
        button.first.click(timeout=PATIENCE)

    def look(self, view):
        """Choose a view; again, where the page was drawn anew under the pointer and the click was lost."""
        place = self.tab.get_by_test_id("stMain").get_by_role("radio", name=self.text(f"view.{view}"), exact=True)
        for _ in range(LOOKS):
            with contextlib.suppress(Error, AssertionError):
                place.click(timeout=PATIENCE / LOOKS)
                expect(place).to_be_checked(timeout=PATIENCE / LOOKS)
                return
        expect(place).to_be_checked()

    def see(self, key, **values):
        """Wait for a sentence of ours, whatever stands in the places that are not given."""
        parts = re.split(r"(\{(?:[^{}]|\{\w+\})*\})", self.text(key))
        named = [values.get(part.strip("{}")) if part.startswith("{") else part for part in parts]
        pattern = "".join(".*" if part is None else re.escape(part) for part in named)
        self.tab.get_by_text(re.compile(pattern)).first.wait_for(timeout=PATIENCE)

    def upload(self, path, number=0):
        self.tab.locator("input[type=file]").nth(number).set_input_files(path)

    def picture(self, name):
        self.steps += 1
        if self.pictures:
            shot(self.tab, f"{self.pictures}_{self.steps}_{name}")


def from_a_file_to_drift(walk):
    """Upload customers, train who leaves, serve the model, ask it, and compare customers who have changed."""
    walk.at("home")
    walk.picture("home")
    walk.go("data")
    walk.upload(SAMPLES / "churn.csv")
    walk.press("data.import")
    walk.see("data.imported", name="churn", version="1", rows="3,000")
    walk.picture("imported")
    walk.go("explore")
    walk.picture("explored")
    walk.go("pipelines")
    walk.press("pipelines.use")
    walk.tab.frame_locator("iframe[title*='streamlit_flow']:visible").locator("[data-id=score]").wait_for(
        timeout=PATIENCE
    )
    walk.picture("pipeline")
    walk.press("pipelines.run")
    walk.see("status.succeeded")
    walk.picture("ran")
    walk.go("runs")
    walk.look("register")
    walk.press("runs.register")
    walk.see("runs.registered", version="1")
    walk.picture("registered")
    walk.go("models")
    walk.look("deploy")
    walk.press("models.deploy")
    walk.see("models.deployed", status=walk.text("status.healthy"))
    walk.picture("deployed")
    walk.go("services")
    walk.press("services.ask")
    walk.see("services.answered", version="1")
    walk.picture("answered")
    walk.go("monitoring")
    walk.press("drift.of_file", "radio")
    walk.upload(SAMPLES / "churn_drifted.csv")
    walk.press("drift.compare")
    walk.see("drift.drifted", columns="7")
    walk.picture("drifted")
