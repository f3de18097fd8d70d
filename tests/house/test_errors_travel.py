"""Every error of every room reaches another process whole."""

import pickle

import pytest

from app.cli.errors import UsageError, told
from engine.errors import EngineError
from operators.contract.errors import OperatorError
from operators.registry import BUILTIN
from resources.errors import ResourceError


def tree(root):
    """Return an error and everything below it."""
    return [root, *(kind for child in root.__subclasses__() for kind in tree(child))]


LOADED = BUILTIN.operators  # imports every operator, so that the errors they define are known, too
EVERY = [*tree(EngineError), *tree(OperatorError), *tree(ResourceError), UsageError]


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_an_error_survives_the_trip_to_another_process(kind):
    again = pickle.loads(pickle.dumps(kind("What happened.", hint="What to do.")))
    assert (type(again), str(again), again.hint) == (kind, "What happened.", "What to do.")


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_an_error_is_told_as_its_sentence_and_hint(kind):
    story = told(kind("What happened.", hint="What to do."))
    assert (story.sentence, story.hint) == ("What happened.", "What to do.")
    assert story.status in {1, 2}


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_an_error_says_in_a_sentence_what_it_is(kind):
    assert kind.__name__.endswith("Error")
    assert kind.__doc__
