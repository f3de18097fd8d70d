"""A slice kept as a folder comes back the same, or not at all."""

import pickle
import random

import polars as pl
import pytest

from engine.errors import StoreError, TamperedError
from engine.serving import folder as slice_folder
from engine.stores.signing import seal

KEY = bytes(32)


@pytest.fixture
def kept(churn, tmp_path):
    """The folder of the churn slice."""
    slice_folder.save(churn, tmp_path / "slice", KEY)
    return tmp_path / "slice"


def test_a_slice_comes_back_with_the_same_answers(churn, kept, row):
    again = slice_folder.load(kept, KEY)
    assert again.answer([row]) == churn.answer([row])
    assert (again.source, dict(again.required)) == (churn.source, dict(churn.required))


def test_exact_types_of_the_source_survive(churn, tmp_path):
    source = pl.Schema({**churn.source, "at": pl.Datetime("ms", "Asia/Shanghai"), "kind": pl.Categorical()})
    slice_folder.save(type(churn)(source, churn.steps, churn.model), tmp_path / "s", KEY)
    assert slice_folder.load(tmp_path / "s", KEY).source["at"] == source["at"]


def test_every_flipped_byte_is_seen(kept):
    files = sorted(path for path in kept.rglob("*") if path.is_file())
    choice = random.Random(7)
    for _ in range(200):
        file = choice.choice(files)
        before = file.read_bytes()
        place = choice.randrange(len(before))
        file.write_bytes(before[:place] + bytes([before[place] ^ (1 << choice.randrange(8))]) + before[place + 1 :])
        with pytest.raises(TamperedError):
            slice_folder.load(kept, KEY)
        file.write_bytes(before)
    slice_folder.load(kept, KEY)


def test_a_cut_file_and_two_files_swapped_are_seen(kept):
    model, source = kept / slice_folder.MODEL, kept / slice_folder.SOURCE
    whole = model.read_bytes()
    model.write_bytes(whole[:-1])
    with pytest.raises(TamperedError):
        slice_folder.load(kept, KEY)
    model.write_bytes(source.read_bytes())
    source.write_bytes(whole)
    with pytest.raises(TamperedError):
        slice_folder.load(kept, KEY)


def test_a_missing_and_an_added_file_are_seen(kept):
    (kept / "extra.py").write_text("")
    with pytest.raises(TamperedError, match=r"extra\.py"):
        slice_folder.load(kept, KEY)
    (kept / "extra.py").unlink()
    (kept / slice_folder.DOCUMENT).unlink()
    with pytest.raises(TamperedError, match=r"slice\.json"):
        slice_folder.load(kept, KEY)


def test_no_slice_at_all_is_a_sentence(tmp_path):
    with pytest.raises(StoreError, match="nothing complete"):
        slice_folder.load(tmp_path, KEY)


class Bomb:
    """Leaves a mark where it is unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return (open, (str(self.mark), "w"))


def test_a_model_signed_by_somebody_else_is_never_unpickled(churn, kept, tmp_path):
    mark = tmp_path / "mark"
    (kept / slice_folder.MODEL).write_bytes(seal(pickle.dumps(Bomb(mark)), b"f" * 32))
    with pytest.raises(TamperedError):
        slice_folder.load(kept, KEY)
    slice_folder.save(churn, tmp_path / "foreign", b"f" * 32)
    with pytest.raises(TamperedError):
        slice_folder.load(tmp_path / "foreign", KEY)
    assert not mark.exists()
