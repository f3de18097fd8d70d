"""Versions that are added, deleted, taken back and cleaned away in any order: none is lost, no number comes twice."""

import shutil
import tempfile
import time
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from engine.config import Settings, Workspace
from engine.records import Records, datasets
from engine.stores.models import ModelStore
from engine.workbench.deleting.desk import DeletionDesk
from engine.workbench.deleting.member import Place

LATER = 3_600.0


class Deletions(RuleBasedStateMachine):
    """A dataset and what should be there of it: every version is `there`, `away` (can be taken back) or `gone`."""

    gestures = Bundle("gestures")

    def __init__(self):
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.workspace = Workspace.at(self.root, records_url=f"sqlite:///{self.root / 'records.db'}")
        self.records = Records.open(self.workspace)
        self.desk = DeletionDesk(Place(self.workspace, self.records, ModelStore(self.workspace)), Settings())
        self.state = {}

    def teardown(self):
        self.records.engine.dispose()
        shutil.rmtree(self.root)

    @rule()
    def add(self):
        with self.records.write() as connection:
            row = datasets.add(connection, datasets.DatasetRow("d", 0, "h", {"folder": f"f{len(self.state)}"}))
        folder = self.workspace.datasets / f"f{len(self.state)}"
        folder.mkdir()
        (folder / "table.parquet").write_text("x")
        assert row.version == len(self.state) + 1
        self.state[row.version] = "there"

    @rule(target=gestures, which=st.sets(st.integers(1, 6), max_size=3))
    def delete(self, which):
        parts = [number for number in sorted(which) if self.state.get(number) == "there"]
        if not parts:
            return None
        told = self.desk.delete("dataset", "d", parts)
        self.state |= dict.fromkeys(parts, "away")
        return told["id"], parts

    @rule(gesture=consumes(gestures))
    def undo(self, gesture):
        if gesture and self.state[gesture[1][0]] == "away":
            self.desk.undo(gesture[0])
            self.state |= dict.fromkeys(gesture[1], "there")

    @rule(late=st.booleans())
    def finish(self, late):
        self.desk.finish(time.time() + LATER if late else None)
        if late:
            self.state = {number: "gone" if state == "away" else state for number, state in self.state.items()}

    @invariant()
    def holds(self):
        with self.records.read() as connection:
            listed = {row.version for row in datasets.every(connection)}
            newest = datasets.find(connection, "d")
        there = {number for number, state in self.state.items() if state == "there"}
        assert listed == there
        assert (newest.version if newest else 0) == max(there, default=0)
        kept = {f"f{number - 1}" for number, state in self.state.items() if state != "gone"}
        assert {path.name for path in self.workspace.datasets.iterdir()} == kept


Deletions.TestCase.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
TestDeletions = Deletions.TestCase
