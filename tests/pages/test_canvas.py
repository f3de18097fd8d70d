"""The canvas without a browser: where nodes lie, what a gesture means, and that labels are text and nothing else."""

import html
import random
import re
from pathlib import Path

import pytest

from app.canvas import feeds_of, layered, placed
from app.canvas.faces import DARK, LIGHT, escaped, face
from app.canvas.gestures import Gesture, told
from app.canvas.layout import HEIGHT, LINE, STEP, WIDTH, covered, leftward
from app.canvas.script import safe
from engine import Pipeline

TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "app" / "templates").glob("*.yaml"))
SENT = {"a": (0.0, 0.0), "b-c": (200.0, 0.0)}
LINKS = {"b-c\ntable": ("b-c", "table")}


def overlapping(positions):
    return [
        (a, b)
        for a, one in positions.items()
        for b, other in positions.items()
        if a < b and abs(one[0] - other[0]) < WIDTH and abs(one[1] - other[1]) < HEIGHT
    ]


def graph(seed, size):
    chosen = random.Random(seed)
    return {
        f"n{i}": [f"n{j}" for j in chosen.sample(range(i), min(i, chosen.choice([0, 1, 1, 1, 2])))] for i in range(size)
    }


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_lies_from_left_to_right_with_no_link_under_a_node(template):
    feeds = feeds_of(Pipeline.from_file(template).document()["nodes"])
    positions = layered(feeds)
    assert all(positions[source][0] < positions[node][0] for node, sources in feeds.items() for source in sources)
    assert covered(feeds, positions) == []
    assert overlapping(positions) == []


@pytest.mark.parametrize("seed", range(12))
def test_no_two_nodes_of_any_graph_overlap(seed):
    feeds = graph(seed, 3 + 4 * seed)
    assert overlapping(layered(feeds)) == []
    assert layered(feeds) == layered(dict(feeds))


@pytest.mark.parametrize("length", [7, 25, 100, 200])
def test_a_long_chain_lies_in_lines_that_turn_at_their_ends(length):
    feeds = {f"s{number}": [f"s{number - 1}"] if number else [] for number in range(length)}
    at = layered(feeds)
    assert max(x for x, _ in at.values()) - min(x for x, _ in at.values()) == pytest.approx((LINE - 1) * STEP[0])
    far = [(abs(at[one][0] - at[node][0]), at[node][1] - at[one][1]) for node in feeds for one in feeds[node]]
    assert set(far) == {(STEP[0], 0), (0, STEP[1])}
    back = {node for place, node in enumerate(feeds) if place // LINE % 2}
    assert leftward(feeds, at) == back


@pytest.mark.parametrize("seed", range(6))
def test_no_two_nodes_of_a_long_graph_overlap_and_none_is_far_to_the_right(seed):
    positions = layered(graph(seed, 120))
    assert overlapping(positions) == []
    assert max(x for x, _ in positions.values()) < 7 * STEP[0]


def test_a_name_cannot_end_the_script_beside_the_canvas():
    assert "<" not in safe({"chosen": "</script><img src=x onerror=alert(1)>"})


def test_circles_and_missing_nodes_do_no_harm():
    feeds = {"a": ["b", "gone"], "b": ["a"], "c": ["c"], "d": []}
    assert set(layered(feeds)) == set(feeds)
    assert overlapping(layered(feeds)) == []


def test_a_link_under_a_node_is_found():
    feeds = {"a": [], "b": ["a"], "c": ["a", "b"]}
    row = {"a": (0.0, 0.0), "b": (200.0, 0.0), "c": (400.0, 0.0)}
    assert covered(feeds, row) == [("a", "c", "b")]
    assert covered(feeds, {**row, "b": (200.0, 90.0)}) == []


def test_nodes_that_were_put_somewhere_stay_and_new_ones_find_room():
    layout = {"a": (10, 20), "b": (208, 20)}
    positions = placed({"a": [], "b": ["a"], "c": ["a"], "gone": []}, layout)
    assert (positions["a"], positions["b"]) == ((10, 20), (208, 20))
    assert overlapping(positions) == []


@pytest.mark.parametrize(
    ("came", "selected", "gesture"),
    [
        (SENT, None, None),
        (SENT, "nobody", None),
        (SENT, "b-c", Gesture("select", node="b-c")),
        ({**SENT, "a": (0.4, 0.4)}, "a", Gesture("select", node="a")),
        ({**SENT, "a": (5.0, 0.0)}, None, Gesture("move", positions={"a": (5.0, 0.0)})),
        (SENT, "b-c\ntable", Gesture("pick", link=("b-c", "table"))),
        (SENT, "st-flow-edge_a-b-c", Gesture("connect", ends=("a", "b-c"))),
        ({**SENT, "new": (0.0, 0.0)}, None, None),
    ],
)
def test_a_gesture_is_told_from_what_came_back(came, selected, gesture):
    assert told(SENT, LINKS, came, selected) == gesture


@pytest.mark.parametrize(
    "text",
    ["<img src=x onerror=alert(1)>", "**b** _i_ `c` $x$ [l](http://x.y)", "www.evil.com a@b.c", "行 & ä", "a\n\n# b"],
)
def test_a_label_is_text_and_nothing_else(text):
    safe = escaped(text)
    assert not set(re.sub(r"&#\d+;", "", safe)) & set("<>*_`$[]()#&@.:/\n")
    assert html.unescape(safe).replace("\u2060", "") == text


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_face_says_what_is_wrong_before_how_it_fared(theme):
    about = {"title": "Fill <gaps>", "state": "done", "rows": 3000, "seconds": 1.25, "problems": 0}
    fine = face("fill", about, theme)
    assert "&#60;gaps&#62;" in fine
    assert "3&#44;000" in fine
    assert "3&#44;000" not in face("fill", {**about, "problems": 2}, theme)
