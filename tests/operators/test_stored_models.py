"""What models were stored as: classes are found where they stand now, and what cannot be read is said in a sentence."""

import pickle

import pytest

from operators.contract.errors import StoredModelError
from operators.contract.values.pickles import unpickled
from operators.contract.values.stored import FORMER, PLACES, class_at


def named(module, name):
    """A pickle of a class by its place, as one from before it moved."""
    return f"c{module}\n{name}\n.".encode()


@pytest.mark.parametrize("place", FORMER)
def test_a_pickle_finds_a_class_that_moved(place):
    assert unpickled(named(*place.split(":"))) is class_at(FORMER[place])


@pytest.mark.parametrize("name", PLACES)
def test_a_pickle_of_today_needs_no_table(name):
    kind = class_at(name)
    assert unpickled(pickle.dumps(kind)) is kind


def test_a_library_that_is_not_here_is_named():
    with pytest.raises(StoredModelError, match="needs 'catboost', which is not installed here") as caught:
        unpickled(named("catboost.core", "CatBoost"))
    assert "Install it" in caught.value.hint


@pytest.mark.parametrize("payload", [b"", b"\x80\x05.", b"nonsense", named("operators.learners.learnt", "Gone")])
def test_bytes_that_are_no_pickle_are_said_in_a_sentence(payload):
    with pytest.raises(StoredModelError, match="The model cannot be read: ") as caught:
        unpickled(payload)
    assert caught.value.hint
