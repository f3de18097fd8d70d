"""Outputs are kept under the hash of their content, complete or not at all, and verified when they are read."""

import hashlib
import os

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.dummy import DummyRegressor

from engine.errors import StoreError, TamperedError
from engine.stores.outputs import OutputRef, OutputStore
from engine.stores.signing import seal, unseal
from operators.contract.tables import Column, lazy
from operators.contract.values.figure import Figure
from operators.contract.values.metrics import Metrics
from operators.contract.values.model import Model
from operators.contract.values.report import Report
from operators.contract.values.state import State

KEY = b"k" * 32


@pytest.fixture
def store(tmp_path):
    return OutputStore(tmp_path / "outputs", KEY)


@pytest.fixture
def people():
    return lazy(pl.DataFrame({"name": ["Ann", "Bo"], "age": [30, None]}))


@pytest.fixture
def model():
    fitted = DummyRegressor().fit([[0.0]], [1.0])
    return Model("regression", "y", (Column("x", "float64"),), "baseline", fitted)


def test_a_table_comes_back_with_its_rows_and_columns(store, people):
    ref = store.put("Table", people)
    assert store.table(ref).collect().to_native().equals(people.collect().to_native())
    assert (ref.rows, ref.columns) == (2, (("name", "string"), ("age", "int64")))


FIGURE = Figure.model_validate(
    {
        "title": {"en": "Curve", "zh": "曲线"},
        "x": {"label": {"en": "Step", "zh": "步"}},
        "y": {"label": {"en": "Loss", "zh": "损失"}, "low": 0},
        "series": [{"kind": "line", "name": {"en": "train", "zh": "训练"}, "x": [0, 1], "y": [0.5, 0.25]}],
        "facts": {"best": 0.25, "unknown": None},
    }
)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("Figure", FIGURE), ("Metrics", Metrics(auc=0.5, none=None)), ("Report", Report(rows=[{"a": 1}]))],
)
def test_what_a_node_found_comes_back_as_it_was(store, kind, value):
    found = store.get(store.put(kind, value))
    assert type(found) is type(value)
    assert found == value


def test_a_reference_survives_json(store, people):
    ref = store.put("Table", people)
    assert OutputRef.model_validate_json(ref.model_dump_json()) == ref


def test_equal_content_is_kept_once(store, people):
    assert store.put("Table", people) == store.put("Table", people)
    assert len(list(store.root.rglob("*.parquet"))) == 1


@pytest.mark.parametrize(
    ("kind", "value"),
    [("Metrics", Metrics(roc_auc=0.9, f1=None)), ("State", State(operator="fill_missing", values={"age": 1.5}))],
)
def test_json_values_come_back_as_what_they_were(store, kind, value):
    again = store.get(store.put(kind, value))
    assert again == value
    assert type(again) is type(value)


def test_a_model_comes_back(store, model):
    again = store.get(store.put("Model", model))
    assert again.answer(pl.DataFrame({"x": [5.0]}))["prediction"].to_list() == [1.0]


@pytest.mark.parametrize("kind", ["Table", "Model", "Metrics"])
@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_damage_is_seen_before_use(store, people, model, kind, damage):
    ref = store.put(kind, {"Table": people, "Model": model, "Metrics": Metrics(f1=1.0)}[kind])
    assert store.intact(ref)
    path = store.path(ref)
    payload = bytearray(path.read_bytes())
    payload[len(payload) // 2] ^= 1
    path.unlink()
    if damage != "remove":
        path.write_bytes(payload if damage == "flip" else payload[:-1])
    assert not store.intact(ref)
    with pytest.raises(StoreError):
        store.get(ref)


def test_a_model_of_another_workspace_is_refused(store, model):
    ref = store.put("Model", model)
    with pytest.raises(TamperedError, match="not signed"):
        OutputStore(store.root, b"x" * 32).get(ref)


def test_what_is_not_json_is_a_sentence_and_leaves_nothing(store):
    with pytest.raises(StoreError, match="cannot be kept as JSON"):
        store.put("Metrics", {"f1": float("nan")})
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("rows", [2, 300_000])
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_write_that_fails_leaves_nothing(store, monkeypatch, call, rows):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(StoreError, match="disk is full"):
        store.put("Table", lazy(pl.DataFrame({"n": pl.int_range(rows, eager=True)})))
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_a_table_kept_elsewhere_is_not_copied(store, people, tmp_path):
    path = tmp_path / "elsewhere.parquet"
    people.collect().to_native().write_parquet(path)
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    ref = store.refer(path, content, 2, (Column("name", "string"), Column("age", "int64")))
    assert store.table(ref).collect().shape == (2, 2)
    assert list(store.root.rglob("*.parquet")) == []


@given(st.binary(max_size=200), st.integers(0, 300))
def test_a_flipped_bit_breaks_the_seal(payload, place):
    sealed = bytearray(seal(payload, KEY))
    assert unseal(bytes(sealed), KEY) == payload
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(TamperedError):
        unseal(bytes(sealed), KEY)


def test_a_kind_that_nothing_here_reads_is_told(store):
    ref = store.put("Report", {"rows": 3}).model_copy(update={"kind": "Hologram"})
    with pytest.raises(StoreError, match="Nothing here reads a Hologram") as caught:
        store.get(ref)
    assert "newer Tandem" in caught.value.hint
