"""Files of the same columns become one table, and nothing of them is lost."""

import polars as pl
import pytest

from engine.data.formats import ReadOptions
from engine.data.several import Part
from engine.errors import UnreadableFileError


@pytest.fixture
def together(store, written):
    """Keep texts as files of one dataset."""

    def keep(*texts, key=None):
        parts = [Part(written(text, f"{n}.csv"), f"{n}.csv", ReadOptions()) for n, text in enumerate(texts)]
        return store.add_several("all", parts, label="files", key=key)

    return keep


def test_rows_follow_each_other(together, store):
    version = together("a,b\n1,x\n", "a,b\n2,y\n3,z\n")
    assert (version.rows, version.rejected) == (3, 0)
    assert pl.read_parquet(version.path).rows() == [(1, "x"), (2, "y"), (3, "z")]
    assert store.profile("all")["rows"] == 3


def test_numbers_widen_and_text_wins_without_losing_a_zero(together):
    version = together("a,b\n1,7\n2,8\n", "a,b\n1.5,007\n2.5,008\n")
    table = pl.read_parquet(version.path)
    assert table["a"].to_list() == [1.0, 2.0, 1.5, 2.5]
    assert table["b"].to_list() == ["7", "8", "007", "008"]


def test_rejected_lines_say_of_which_file(together, store):
    together("a,b\n" + "1,2\n" * 30 + "1,2,3\n", "a,b\n" + "1,2\n" * 30 + "4,5,6\n")
    rejects = store.rejects("all")["rows"]
    assert [row[2].split(":")[0] for row in rejects] == ["0.csv", "1.csv"]


@pytest.mark.parametrize("other", ["a,c\n1,2\n", "b,a\n1,2\n", "a\n1\n"])
def test_other_columns_are_a_sentence_and_nothing_is_kept(together, store, other):
    with pytest.raises(UnreadableFileError, match="other columns"):
        together("a,b\n1,2\n", other)
    assert store.list() == []


def test_the_same_gesture_gives_the_same_version(together):
    texts = ("a,b\n1,2\n", "a,b\n3,4\n")
    assert together(*texts, key="k").version == together(*texts, key="k").version == 1


def test_days_of_one_file_are_midnights_beside_the_moments_of_another(together):
    table = pl.read_parquet(together("a,b\n2024-03-01,x\n", "a,b\n2024-03-02 09:30:00,y\n").path)
    assert [str(value) for value in table["a"]] == ["2024-03-01 00:00:00", "2024-03-02 09:30:00"]
