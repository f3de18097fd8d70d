"""A choice in the designer is taken as done with its effect: a draw of the page that breaks in loses none."""

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException

from app.pipelines import sight
from engine.errors import PipelineError


def test_a_change_that_was_made_is_taken():
    taken = []
    assert sight._made(lambda revision: {"revision": revision + 1}, 1, lambda: taken.append(1)) == {"revision": 2}
    assert taken == [1]


def test_a_change_that_was_refused_is_taken():
    taken = []

    def refuse(revision):
        raise PipelineError("It has that already.")

    with pytest.raises(PipelineError):
        sight._made(refuse, 1, lambda: taken.append(1))
    assert taken == [1]


def test_a_change_that_another_draw_breaks_off_is_chosen_still():
    taken = []

    def make(revision):
        raise RerunException(RerunData())

    with pytest.raises(RerunException):
        sight._made(make, 1, lambda: taken.append(1))
    assert taken == []
