"""A context that keeps what it is told."""

import json

import pytest


class RecordingContext:
    """Does the work in this process; checkpoints survive as JSON only, and it may stop after some calls of `map`."""

    seed = 7
    scratch = None

    def __init__(self, rounds=None, kept=None):
        self.rounds = rounds
        self.kept = kept
        self.reports = []
        self.mapped = []

    @property
    def cancelled(self):
        return self.rounds is not None and len(self.mapped) >= self.rounds

    def map(self, function, items, *, share=1.0):
        self.mapped.append((len(items), share))
        return map(function, reversed(items))

    def report(self, step, metrics):
        self.reports.append((step, dict(metrics)))

    def checkpoint(self, state=None):
        if state is not None:
            self.kept = json.dumps(state)
        return json.loads(self.kept) if self.kept else None


@pytest.fixture
def context():
    """A context that never stops."""
    return RecordingContext()


@pytest.fixture
def contexts():
    """Makes contexts that stop after a number of calls of `map`, or go on from what another kept."""
    return RecordingContext
