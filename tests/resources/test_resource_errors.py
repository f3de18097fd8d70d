"""Every error of the room crosses a process whole."""

import pickle

import pytest

from resources import errors
from resources.errors import ResourceError

TREE = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ResourceError)]


@pytest.mark.parametrize("kind", TREE)
def test_an_error_survives_another_process(kind):
    again = pickle.loads(pickle.dumps(kind("what happened", hint="what to do", field="gpu")))
    assert (type(again), str(again), again.hint, again.field) == (kind, "what happened", "what to do", "gpu")


@pytest.mark.parametrize("kind", TREE)
def test_the_tree_is_drawn_in_the_docstring(kind):
    assert kind.__name__ in errors.__doc__
