"""Thousands of small runs: an engine keeps no files or threads and little memory of them, its records a fixed size."""

import itertools
import sqlite3
from contextlib import closing

import psutil
import pytest

from tests.runs.scripted import chain

RUNS, LOOK, WARM, TOGETHER = 5_000, 500, 2_000, 20


def looked_at(bench, engine):
    """Return what an engine holds at rest, and how large the records are."""
    with closing(sqlite3.connect(bench.workspace.root / "records.db")) as records:
        size = records.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()[0]
    # what it wrote itself: clean pages of a library count as its own only while nobody else has that library open
    memory = sum(part.private_dirty for part in engine.memory_maps())
    held = {"memory": memory, "files": engine.num_fds(), "threads": engine.num_threads()}
    return {**held, "children": len(engine.children()), "records": size}


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_an_engine_does_not_grow_over_five_thousand_runs(bench):
    bench.engine.start()
    engine, seen = psutil.Process(bench.engine.status().pid), []
    for first in range(0, RUNS, TOGETHER):
        asked = [bench.ask(chain(f"age + {number}")) for number in range(first, first + TOGETHER)]
        assert {bench.ended(run)["status"] for run in asked} == {"succeeded"}
        if (first + TOGETHER) % LOOK == 0:
            seen.append(looked_at(bench, engine))
    print(seen)  # noqa: T201 - the figures, shown by `pytest -s`
    warm, last = seen[WARM // LOOK - 1], seen[-1]
    assert engine.pid == bench.engine.status().pid
    assert last["memory"] < 1.1 * warm["memory"]  # 4 kB kept of each run would break this
    assert all(last[kind] <= warm[kind] + 2 for kind in ("files", "threads", "children"))
    steps = [after["records"] - before["records"] for before, after in itertools.pairwise(seen)]
    assert max(steps) < 1.2 * min(steps)
