"""Random clicks in two tabs at once, with a record beside them of what each should have done.

    python -m tests.pages.clicks --minutes 10 --seed 1

Half of the time each tab is on a pipeline of its own (and switches now and then), half of it both are on one. Every
change of a pipeline is written down by a trigger of the database; afterwards each gesture must have made exactly its
own change in the pipeline that its tab showed, or be told to the user, and all changes in order must give the
pipelines as they stand.
"""

import argparse
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from playwright import sync_api

from engine import Workbench
from engine.graph.edits import edited
from engine.graph.pipeline import Pipeline
from tests.pages.chromium import CHROMIUM, FLAGS, ROOT, listening, served
from tests.pages.tabs import ENGLISH, Tab

OPERATORS = (("drop_duplicates", "sort_rows"), ("filter_rows", "rename_columns"))  # each tab adds its own
WATCH = """
CREATE TABLE IF NOT EXISTS audit (number INTEGER PRIMARY KEY, name TEXT, created REAL, revision INTEGER, change TEXT);
CREATE TRIGGER IF NOT EXISTS audited AFTER UPDATE OF revision ON drafts BEGIN
    INSERT INTO audit (name, created, revision, change) VALUES (new.name, new.created, new.revision, new.change);
END;
"""
STALE = "You still see it as it was"
SHORT = 8000  # ms that a click may take to be possible


@dataclass
class Gesture:
    """What was done in a tab, and the change that it should make: `wanted` is part of the operation."""

    tab: int
    kind: str
    pipeline: str
    wanted: dict
    done: object = field(repr=False)


class Clicks:
    """Two tabs over a workspace.

    Args:
        pages: Two pages of a browser.
        address: Of the screens.
        root: The workspace.
        seed: Of the gestures.
    """

    def __init__(self, pages, address, root, seed):
        self.tabs = [Tab(page, address) for page in pages]
        self.random, self.count, self.number = random.Random(seed), Counter(), 0
        self.faults: list[str] = []
        self.waiting = [None, None]  # what each tab was told that it waits
        self.desk = Workbench.open(root).pipelines
        document = Pipeline.from_text((ROOT / "app" / "templates" / "churn.yaml").read_text("utf-8"))
        document = edited(document, {"op": "add", "operator": "encode_categories", "node": "enc", "after": "fill"})
        self.names = [self.desk.create(self.desk.free_name(wish), document)["name"] for wish in ("left", "right")]
        self.first = {name: self.desk.open(name) for name in self.names}
        self.records = sqlite3.connect(root / "records.db", timeout=60)
        self.records.executescript(WATCH)
        self.seen = self.last()

    # -- the record ---------------------------------------------------------------------------------------

    def last(self):
        return self.records.execute("SELECT coalesce(max(number), 0) FROM audit").fetchone()[0]

    def changes(self, after):
        rows = self.records.execute("SELECT number, name, change FROM audit WHERE number > ? ORDER BY number", (after,))
        return [(number, name, json.loads(change)["operation"]) for number, name, change in rows]

    # -- rounds -------------------------------------------------------------------------------------------

    def run(self, seconds):
        """Click until the time is over; the second half on one pipeline."""
        begun = time.monotonic()
        self.show(self.names)
        while time.monotonic() < begun + seconds / 2:
            self.round(self.names)
        self.show([self.names[0]] * 2)
        while time.monotonic() < begun + seconds:
            self.round([self.names[0]])
        self.replay()
        return self

    def show(self, names):
        for tab, name in zip(self.tabs, names, strict=True):
            tab.open(name)

    def round(self, names):
        """Prepare a gesture in each tab, make both at once, and see what came of them."""
        gestures = [found for number in self.random.sample((0, 1), 2) if (found := self.prepare(number, names))]
        before, made = self.seen, []
        for gesture in gestures:
            try:
                gesture.done()
                made.append(gesture)
            except sync_api.Error:
                self.count["not possible"] += 1
        for tab in self.tabs:
            self.settle(tab)
        self.judge(made, before)

    def settle(self, tab):
        try:
            tab.settle()
        except sync_api.Error:
            self.fault("never still", tab.pipeline)

    def judge(self, gestures, before):
        """Match the changes of a round with its gestures."""
        left = list(gestures)
        for _ in range(40):
            left = self.unmatched(gestures, self.changes(before))[0]
            if not [gesture for gesture in left if gesture.wanted and not self.told(gesture)]:
                break
            self.tabs[0].page.wait_for_timeout(250)
        found = self.changes(before)
        left, strange = self.unmatched(gestures, found)
        self.count["gestures"] += len(gestures)
        self.count["edits"] += len(found)
        for _, name, operation in strange:
            self.fault("misplaced", f"{operation} in {name} after {gestures}")
        for gesture in left:
            if gesture.wanted:
                self.waiting[gesture.tab] = gesture.wanted
                self.count["told"] += 1 if self.told(gesture) else self.fault("lost", repr(gesture))
        self.seen = self.last()
        told = f"{len(self.faults)} faults, {self.count['gestures']} gestures, {self.count['edits']} edits"
        sys.stderr.write(f"{time.monotonic():.0f} s: {told}\n")

    def fault(self, kind, told):
        self.faults.append(f"{kind}: {told}")
        sys.stderr.write(f"{self.faults[-1]}\n")
        return 0

    def unmatched(self, gestures, found):
        """Return the gestures without a change, and the changes without a gesture."""
        left, strange = list(gestures), []
        for change in found:
            _, name, operation = change
            mine = [
                gesture for gesture in left
                if gesture.wanted and gesture.pipeline == name and gesture.wanted.items() <= operation.items()
            ]  # fmt: skip
            if mine:  # of two alike, the one that was told that it was not made is the other
                left.remove(min(mine, key=self.told))
            else:
                strange.append(change)
        return left, strange

    def told(self, gesture):
        """Whether the tab says that it could not do it."""
        page = self.tabs[gesture.tab].page
        return page.get_by_text(STALE).count() > 0 or page.get_by_test_id("stAlertContentError").count() > 0

    def replay(self):
        """Make all changes once more, in order: they must give what is kept, one revision after the other."""
        for name in self.names:
            history, at, revision = [self.first[name]["document"]], 0, self.first[name]["revision"]
            query = "SELECT revision, change FROM audit WHERE created = ? ORDER BY number"
            for number, change in self.records.execute(query, (self.first[name]["created"],)):
                operation, revision = json.loads(change)["operation"], revision + 1
                if number != revision:
                    self.fault("lost", f"revision {revision} of {name} is {number}")
                if operation["op"] in ("undo", "redo"):
                    at += 1 if operation["op"] == "redo" else -1
                else:
                    history[at + 1 :] = [edited(Pipeline.from_valid(history[at]), operation).document()]
                    at += 1
            if history[at] != self.desk.open(name)["document"]:
                self.fault("lost", f"{name} is not what its changes make")

    # -- gestures -----------------------------------------------------------------------------------------

    def prepare(self, number, names):
        """Choose a gesture for a tab and go as far as its last click; None where it makes none now."""
        tab = self.tabs[number]
        if tab.page.get_by_text(STALE).count():
            return self.resolve(number)
        kinds = ["add"] * 6 + ["undo"] * 6 + ["redo"] * 3 + ["rename"] * 2 + ["set"] * 2 + ["remove", "tidy", "select"]
        kind = self.random.choice([*kinds, "reload", "back", "link", *(["switch"] * 2 if len(names) > 1 else [])])
        self.count[kind] += 1
        try:
            return getattr(self, kind)(number, tab, names)
        except (sync_api.Error, AssertionError):
            self.count["not possible"] += 1
            self.settle(tab)
            return None

    def resolve(self, number):
        tab = self.tabs[number]
        mine = tab.page.get_by_role("button", name=ENGLISH["pipelines.make_mine"])
        newest = tab.page.get_by_role("button", name=ENGLISH["pipelines.show_newest"])
        button = mine if mine.count() and self.random.random() < 0.5 else newest
        self.count["make mine" if button is mine else "show newest"] += 1
        wanted = dict(self.waiting[number] or {}) if button is mine else {}
        return Gesture(number, "resolve", tab.pipeline, wanted, lambda: button.click(timeout=SHORT))

    def add(self, number, tab, _):
        operator = self.random.choice(OPERATORS[number])
        tab.box(ENGLISH["pipelines.add"]).fill(operator, timeout=SHORT)
        option = tab.page.get_by_role("option").filter(has_text=operator).first
        option.wait_for(timeout=SHORT)
        wanted = {"op": "add", "operator": operator}
        return Gesture(number, "add", tab.pipeline, wanted, lambda: option.click(timeout=SHORT))

    def tool(self, number, tab, name, op):
        button = tab.tool(name)
        if not button.is_enabled(timeout=SHORT):
            return None
        return Gesture(number, name, tab.pipeline, {"op": op}, lambda: button.click(timeout=SHORT))

    def undo(self, number, tab, _):
        return self.tool(number, tab, "pipelines.undo", "undo")

    def redo(self, number, tab, _):
        return self.tool(number, tab, "pipelines.redo", "redo")

    def tidy(self, number, tab, _):
        return self.tool(number, tab, "pipelines.tidy", "move")

    def node(self, tab, of=None):
        nodes = [node for node in self.desk.open(tab.pipeline)["document"]["nodes"] if of or node != "enc"]
        chosen = of if of in nodes else self.random.choice(nodes)
        tab.pick(ENGLISH["pipelines.step"], f"{chosen} ·")
        shown = "new URLSearchParams(location.search).get('node')"
        tab.page.wait_for_function(f"{shown} === {json.dumps(chosen)}", timeout=SHORT)
        tab.settle()
        return chosen

    def select(self, _number, tab, _):
        self.node(tab)

    def remove(self, number, tab, _):
        node = self.node(tab)
        button, wanted = tab.page.get_by_role("button", name="Remove").first, {"op": "remove", "node": node}
        return Gesture(number, "remove", tab.pipeline, wanted, lambda: button.click(timeout=SHORT))

    def rename(self, number, tab, _):
        node = self.node(tab)
        self.number += 1
        new = f"{'ab'[number]}_{self.number}"
        tab.page.get_by_role("button", name=ENGLISH["pipelines.more"]).first.click(timeout=SHORT)
        menu = tab.page.get_by_test_id("stPopoverBody").filter(visible=True).last
        name = menu.get_by_label(ENGLISH["pipelines.node_name"], exact=True).first
        sync_api.expect(name).to_have_value(node, timeout=SHORT)
        name.fill(new, timeout=SHORT)
        name.press("Tab")
        tab.settle()
        button = menu.get_by_role("button", name=ENGLISH["pipelines.rename"])
        wanted = {"op": "rename", "node": node, "to": new}
        return Gesture(number, "rename", tab.pipeline, wanted, lambda: button.first.click(timeout=SHORT))

    def set(self, number, tab, _):
        if self.node(tab, "enc") != "enc":
            return None
        self.number += 1
        value, box = 20 + self.number, tab.page.get_by_test_id("stMain").get_by_role("spinbutton").first
        box.fill(str(value), timeout=SHORT)
        wanted = {"op": "set", "node": "enc", "with": {"limit": value}}
        return Gesture(number, "set", tab.pipeline, wanted, lambda: box.press("Enter", timeout=SHORT))

    def reload(self, number, tab, _):
        return Gesture(number, "reload", tab.pipeline, {}, tab.reload)

    def back(self, number, tab, _):
        return Gesture(number, "back", tab.pipeline, {}, tab.back)

    def link(self, number, tab, names):
        name = self.random.choice(names)
        return Gesture(number, "link", name, {}, lambda: tab.open(name))

    def switch(self, number, tab, names):
        name = self.random.choice(names)
        return Gesture(number, "switch", name, {}, lambda: tab.pick(ENGLISH["pipelines.pipeline"], f"{name} ·"))


def clicked(minutes, seed, root, browser):
    """Return the clicks of so many minutes in two tabs of a browser."""
    Workbench.open(root)
    with served(root) as address:
        context = browser.new_context(viewport={"width": 1360, "height": 900}, locale="en-US")
        clicks = Clicks([listening(context.new_page()) for _ in range(2)], address, Path(root), seed)
        try:
            return clicks.run(60 * minutes)
        finally:
            context.close()


def main():
    """Click as the arguments say, and tell the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        clicks = clicked(asked.minutes, asked.seed, Path(folder) / "workspace", browser)
        browser.close()
    for name, count in clicks.count.most_common():
        sys.stdout.write(f"{name:14} {count}\n")
    kinds = Counter(fault.partition(":")[0] for fault in clicks.faults)
    sys.stdout.write(", ".join(f"{kind} {kinds[kind]}" for kind in ("lost", "misplaced", "never still")) + "\n")
    sys.stdout.write("\n".join(clicks.faults))
    sys.exit(bool(clicks.faults))


if __name__ == "__main__":
    main()
