"""A version keeps what rows look like at each node of its slice: within the error that a sketch states, and bounded."""

import json
import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import StoreError
from engine.serving import sketches as module
from engine.serving.sketch import BYTES_OF_TEXT, MOST_BYTES, Sketch
from engine.serving.sketches import SKETCHES, SOURCE, sketches, write_sketches

RANKS = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]
numbers = st.lists(st.floats(allow_nan=True) | st.none(), max_size=300)
texts = st.lists(st.text(max_size=4) | st.none(), max_size=300)


@pytest.fixture
def kept(churn, customers, tmp_path):
    """The sketches of the churn slice: forty-one rows to learn from, eleven held out."""
    write_sketches(churn, {"train": customers.lazy(), "held_out": customers.lazy().tail(11)}, tmp_path)
    return tmp_path


@pytest.mark.parametrize("spread", ["normal", "lognormal", "steps"])
def test_quantiles_are_within_the_error_of_ranks(spread):
    random = np.random.default_rng(3)
    drawn = {
        "normal": random.normal(size=60_000), "lognormal": random.lognormal(3, 2, 60_000),
        "steps": random.integers(0, 50, 60_000).astype(float),
    }[spread]  # fmt: skip
    sketch = Sketch.of(pl.Series(drawn))
    for rank, value in zip(RANKS, sketch.quantiles(RANKS), strict=True):
        below, at_most = (drawn < value).mean(), (drawn <= value).mean()
        assert below - 2 * sketch.error <= rank <= at_most + 2 * sketch.error  # 1.33 % holds in 99 of 100 cases
    assert 0 < sketch.error < 0.02
    assert len(sketch.data) <= MOST_BYTES


def test_frequent_texts_are_found_with_bounds_of_their_counts():
    random = np.random.default_rng(5)
    values = [*("pro",) * 3000, *("free",) * 2000, *(f"id-{i}" for i in random.permutation(5000))]
    found = {text: (low, high) for text, low, high in Sketch.of(pl.Series(values)).frequent()}
    assert found["pro"][0] <= 3000 <= found["pro"][1]
    assert found["free"][0] <= 2000 <= found["free"][1]
    assert Sketch.of(pl.Series(values)).frequent(1)[0][0] == "pro"


@given(numbers)
@settings(max_examples=60)
def test_few_numbers_are_kept_exactly(values):
    series = pl.Series(values, dtype=pl.Float64)
    known, sketch = series.drop_nulls().drop_nans(), Sketch.of(series)
    assert (sketch.count, sketch.missing) == (len(known), len(values) - len(known))
    assert sketch.quantiles([0.0, 1.0]) == ([known.min(), known.max()] if len(known) else [None, None])


@given(numbers, numbers)
@settings(max_examples=60)
def test_merged_numbers_are_those_of_both(one, other):
    parts = [pl.Series(values, dtype=pl.Float64) for values in (one, other)]
    merged, whole = Sketch.of(parts[0]).merge(Sketch.of(parts[1])), Sketch.of(pl.concat(parts))
    assert (merged.count, merged.missing) == (whole.count, whole.missing)
    assert merged.quantiles([0.0, 1.0]) == whole.quantiles([0.0, 1.0])
    for value in one[:5]:
        if merged.count and value is not None and not math.isnan(value):
            assert merged.rank(value) == pytest.approx(whole.rank(value), abs=2 * merged.error + 2 * whole.error)


@given(texts, texts)
@settings(max_examples=60)
def test_merged_texts_are_counted_as_of_both(one, other):
    parts = [pl.Series(values, dtype=pl.String) for values in (one, other)]
    merged, counts = Sketch.of(parts[0]).merge(Sketch.of(parts[1])), pl.concat(parts).drop_nulls().to_list()
    assert merged.count == len(counts)
    assert all(low <= counts.count(text) <= high for text, low, high in merged.frequent())


@given(st.one_of(numbers, texts))
@settings(max_examples=60)
def test_a_sketch_comes_back_from_its_bytes(values):
    sketch = Sketch.of(
        pl.Series(values, dtype=pl.String if any(isinstance(one, str) for one in values) else pl.Float64)
    )
    again = replace(sketch, data=bytes(bytearray(sketch.data)))
    assert (again.quantiles(RANKS), again.frequent()) == (sketch.quantiles(RANKS), sketch.frequent())
    assert again.merge(sketch).count == 2 * sketch.count


def test_sketches_of_different_kinds_are_not_merged():
    with pytest.raises(ValueError, match="kind number cannot be merged with one of kind text"):
        Sketch.of(pl.Series([1])).merge(Sketch.of(pl.Series(["a"])))


@pytest.mark.parametrize(
    ("values", "middle"),
    [
        (pl.Series([pl.date(2024, 1, 1)]).to_frame().select(pl.date(1970, 1, 2)).to_series(), 86_400.0),
        (pl.Series([True, True, False]), None), (pl.Series([[1], None]), None), (pl.Series([None, None]), None),
        (pl.Series([b"x"]), None), (pl.Series([2**60]), 2.0**60), (pl.Series(["1.5"]).cast(pl.Decimal(6, 2)), 1.5),
        (pl.Series([], dtype=pl.Float32), None), (pl.Series(["a"]).cast(pl.Enum(["a", "b"])), None),
    ],
)  # fmt: skip
def test_every_type_of_column_has_a_sketch(values, middle):
    sketch = Sketch.of(values)
    assert sketch.count + sketch.missing == len(values)
    assert sketch.quantiles([0.5]) == [middle]


def test_columns_stand_at_each_node_as_a_service_would_have_them(kept, churn):
    found = sketches(kept)
    assert list(found) == [SOURCE, "drop", "fill", "yearly"]
    assert set(found[SOURCE]["train"]) == set(churn.required)
    assert "yearly" not in found["fill"]["train"]
    assert found["yearly"]["train"]["yearly"].quantiles([0, 1]) == [60.0, 180.0]


def test_a_step_that_fills_gaps_changes_what_is_missing(kept):
    found = sketches(kept)
    assert [found[node]["train"]["age"].missing for node in (SOURCE, "drop", "fill")] == [4, 4, 0]


def test_rows_to_learn_from_and_rows_held_out_are_apart(kept):
    found = sketches(kept)
    sides = {side: found["fill"][side]["plan"] for side in ("train", "held_out")}
    assert {side: sketch.count for side, sketch in sides.items()} == {"train": 41, "held_out": 11}
    assert {text: low for text, low, _ in sides["train"].frequent()} == {"pro": 27, "free": 14}


def test_a_column_that_a_step_leaves_alone_is_kept_once(kept):
    document = json.loads((kept / SKETCHES / "2.train.json").read_text("utf-8"))
    assert set(document["sketches"]) == {"age"}
    assert document["rows"] == document["of"] == 41


def test_more_rows_than_are_looked_at_are_sampled_and_told(churn, customers, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ROWS", 20)
    write_sketches(churn, {"train": customers.lazy()}, tmp_path)
    document = json.loads((tmp_path / SKETCHES / "0.train.json").read_text("utf-8"))
    assert (document["rows"], document["of"]) == (20, 41)
    assert sketches(tmp_path)[SOURCE]["train"]["plan"].count == 20


def test_a_sketch_of_long_texts_is_bounded():
    values = pl.Series([f"{'长' * 100}{i}" for i in range(50)] + [f"{i}{'长' * 100}" for i in range(2000)])
    sketch = Sketch.of(values)
    assert len(sketch.data) <= MOST_BYTES
    assert all(len(text.encode()) <= BYTES_OF_TEXT for text, _, _ in sketch.frequent())


def test_a_version_of_before_has_none(tmp_path):
    assert sketches(tmp_path) == {}


def test_sketches_of_a_newer_workbench_are_said(kept):
    path = kept / SKETCHES / "1.train.json"
    path.write_text(path.read_text("utf-8").replace('"format":1', '"format":2'), "utf-8")
    with pytest.raises(StoreError, match="sketches of the model have format 2, and this workbench reads 1"):
        sketches(kept)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format":1,"node":"x","columns":["a"],"sketches":{"a":{}}}'])
def test_sketches_that_cannot_be_read_are_said(kept, text):
    (kept / SKETCHES / "1.train.json").write_text(text, "utf-8")
    with pytest.raises(StoreError, match=r"The sketches 1\.train\.json of the model cannot be read"):
        sketches(kept)
