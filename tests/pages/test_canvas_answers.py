"""What the canvas and its component say to each other comes to an end, and a picture that was lost is sent again."""

from types import SimpleNamespace

import pytest

from app.canvas.drawing import _heard, _stamp

POSITIONS = {"read": (0.0, 0.0), "split": (200.0, 0.0)}


def answer(stamp, at):
    """An answer of the component, made from the picture `stamp` at a time."""
    nodes = [
        SimpleNamespace(id=name, data={"stamp": stamp}, position={"x": x, "y": y}) for name, (x, y) in POSITIONS.items()
    ]
    return SimpleNamespace(nodes=nodes, timestamp=at, selected_id=None)


@pytest.fixture
def turn(monkeypatch):
    """Draw the canvas once with the answer that is there, and return the stamp of the picture that is sent."""
    clock = iter(range(1, 1000))
    monkeypatch.setattr("app.canvas.drawing.time.time", lambda: next(clock))
    held = {}

    def draw(said, content="changed"):
        _stamp(held, content)
        sent = held["stamp"]
        _heard(said, None, held, POSITIONS, {})
        return sent

    return draw


def test_answers_that_come_a_picture_late_come_to_rest(turn):
    first = turn(answer(0, 1), content="as it was")
    newest = turn(answer(first, first + 300))
    waiting, turns = [answer(first, first + 400), answer(newest, newest + 300)], 0
    while waiting and turns < 20:
        turns += 1
        sent = turn(waiting.pop(0))
        if sent != newest:  # a picture has its answer
            newest = sent
            waiting.append(answer(sent, sent + 300))
    assert turns < 6


def test_a_picture_that_is_lost_is_sent_again(turn):
    first = turn(answer(0, 1), content="as it was")
    second = turn(answer(first, first + 300))
    for late in (400, 500):
        turn(answer(first, first + late))
    assert turn(answer(first, first + 600)) > second


def test_a_word_later_than_the_picture_means_that_it_was_passed_over(turn):
    first = turn(answer(0, 1), content="as it was")
    second = turn(answer(first, first + 300))
    turn(answer(first, second + 5))
    assert turn(answer(first, second + 6)) > second
