"""Bars that overlap in time lie in lanes of their own, in as few as can be."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.lanes import lanes
from app.machine.history import bars
from app.runs.timeline import _rows

spans = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)).map(lambda span: (span[0], span[0] + span[1])))


@given(spans)
def test_no_two_bars_of_a_lane_overlap_and_no_lane_is_without_need(asked):
    found = lanes(asked)
    for lane in set(found):
        mine = sorted(span for span, other in zip(asked, found, strict=True) if other == lane)
        assert all(before[1] <= after[0] for before, after in pairwise(mine))
    deepest = max((sum(begin <= at < end for begin, end in asked) for at in range(80)), default=0)
    instants = any(begin == end for begin, end in asked)
    assert len(set(found)) <= max(deepest, 1) + instants


def test_two_stages_on_one_device_at_once_lie_beside_each_other():
    one = {"device": "gpu0", "environment": "train", "run": "r1", "node": "fit", "share": 5000, "from": 0.0, "to": None}
    found = bars([one, {**one, "node": "score", "from": 1.0, "to": 2.0}, {**one, "device": "CPU"}], now=3.0)
    assert [(bar["device"], bar["lane"]) for bar in found] == [("gpu0", 0), ("gpu0", 1), ("CPU", 0)]


def test_stages_with_long_names_alike_have_lines_of_their_own():
    bar = {"attempt": 1, "what": "done", "from": 0.0, "to": 1.0}
    names = [f"{'the same long beginning of a name ' * 2}{number}" for number in (1, 2)]
    stages = [{"stage": name, "nodes": [name], "critical": False, "bars": [bar]} for name in names]
    rows = _rows({"seconds": 1.0, "stages": stages})
    assert len({row["stage"] for row in rows}) == 2


def test_an_attempt_that_overlaps_the_one_before_is_seen_beside_it():
    bars_of = [
        {"attempt": 1, "what": "lost", "from": 0.0, "to": 5.0},
        {"attempt": 2, "what": "done", "from": 3.0, "to": 6.0},
    ]
    stages = [{"stage": "fit", "nodes": ["fit"], "critical": False, "bars": bars_of}]
    assert [row["lane"] for row in _rows({"seconds": 6.0, "stages": stages})] == [0, 1]
