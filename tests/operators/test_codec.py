"""Models as bytes: the same again to the last bit, the same bytes for the same model, no pickle for what we learn."""

import datetime as dt
import io
import json
import math
import pickle
import zipfile
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from operators.contract.errors import StoredModelError
from operators.contract.step import Step
from operators.contract.tables import Column, lazy
from operators.contract.values.codec import decoded, encoded
from operators.contract.values.codec.container import archived
from operators.contract.values.codec.libraries import version_here
from operators.contract.values.model import Model
from operators.learners.clusters import fit_clusters
from operators.learners.fitting import fit_model
from operators.prepare.fill_missing import FillMissing
from operators.registry import BUILTIN
from operators.transform.join_tables import JoinTables

ROWS = pl.DataFrame(
    {
        "x": [None if i % 9 == 4 else i * 7 % 40 / 3 for i in range(80)],
        "plan": [("free", "plus", "pro", None)[i % 4] for i in range(80)],
        "word": [f"w{i % 35}" for i in range(80)],
        "left": ["yes" if i % 3 else "no" for i in range(80)],
    }
)


class Own:
    """A learner of a plug-in."""

    factor = 2.0

    def predict(self, frame):
        return frame.to_numpy()[:, 0] * self.factor


def built(document):
    return BUILTIN.build(document["operator"], document["with"], document["version"])


def again(model):
    return decoded(encoded(model), built)


def of(estimator, **more):
    return Model("regression", "y", (Column("x", "float64"),), "own", estimator, **more)


def parts_of(payload):
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(model, **facts):
    """The bytes of a model whose document says something else."""
    parts = parts_of(encoded(model))
    return archived({**parts, "model.json": json.dumps({**json.loads(parts["model.json"]), **facts}).encode()})


@pytest.fixture(scope="module", params=[*BUILTIN.learners, "k_means", "gaussian_mixture"])
def model(request):
    """A model of every learner."""
    name = request.param
    if name in BUILTIN.learners:
        return fit_model(ROWS, "left", "classification", name)
    return fit_clusters(ROWS.drop("left"), name, 3, features=None, seed=1)


def test_a_model_answers_as_before_to_the_last_bit(model):
    assert again(model).predict_rows(ROWS).equals(model.predict_rows(ROWS))


def test_a_model_that_was_read_gives_the_same_bytes(model):
    assert encoded(again(model)) == encoded(model)


def test_what_our_learners_learn_needs_no_pickle_and_names_no_module(model):
    parts = parts_of(encoded(model))
    assert [name for name in parts if name.endswith(".pickle")] == []
    assert b"operators." not in b"".join(parts.values())


def test_the_document_tells_what_it_is_without_being_opened():
    parts = parts_of(encoded(fit_model(ROWS, "left", "classification", "lightgbm")))
    document = json.loads(parts["model.json"])
    assert (document["task"], document["target"], document["algorithm"]) == ("classification", "left", "lightgbm")
    assert document["libraries"] == {"lightgbm": version_here("lightgbm")}


def test_what_a_plug_in_learnt_is_pickled():
    assert again(of(Own())).predict_rows(pl.DataFrame({"x": [1.5]})).rows() == [(3.0,)]


def test_what_cannot_be_kept_is_said():
    with pytest.raises(StoredModelError, match="The model cannot be kept"):
        encoded(of(lambda frame: frame))


def test_steps_before_a_model_are_kept_with_their_tables():
    fill = FillMissing(columns=("x",))
    regions = lazy(pl.DataFrame({"plan": ["free", "pro"], "tax": [1.0, 2.0]}))
    steps = (
        Step("fill", fill, fill.fit(lazy(ROWS))),
        Step("join", JoinTables(on=("plan",), how="left", right_unique=True), None, {"right": regions}),
    )
    model = of(Own()).after(steps)
    assert again(model).prepare(lazy(ROWS)).equals(model.prepare(lazy(ROWS)))


zones = st.sampled_from([None, ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")])
simple = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.dates(), st.timedeltas(),
    st.times(), st.datetimes(timezones=zones),
)  # fmt: skip
labels = st.recursive(
    simple,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(labels)
def test_labels_come_back_as_they_were(label):
    """Of the same type too: 1 is not 1.0 nor True, and a list is no tuple."""
    found = again(of(None, classes=(label,))).classes[0]
    assert repr(found) == repr(label)


@pytest.mark.parametrize(
    "value",
    [
        np.array([[1.5, -0.0], [np.nan, np.inf]]), np.asfortranarray(np.arange(6).reshape(2, 3)), np.float32(1 / 3),
        np.array([], dtype="datetime64[us]"), np.zeros(2, dtype=[("a", "i4"), ("b", "f8")]), np.float64(0.1),
    ],
    ids=repr,
)  # fmt: skip
def test_arrays_come_back_with_their_type_and_order(value):
    found = again(of(value)).estimator
    assert (type(found), found.dtype, found.shape, found.tobytes()) == (
        type(value), value.dtype, value.shape, value.tobytes(),
    )  # fmt: skip
    assert found.flags.f_contiguous == value.flags.f_contiguous


def test_a_moment_keeps_its_zone():
    moment = dt.datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)
    found = again(of(None, classes=(moment,))).classes[0]
    assert (found.tzinfo, found.fold, found.utcoffset()) == (moment.tzinfo, 1, dt.timedelta(hours=1))
    assert math.isclose(found.timestamp(), moment.timestamp())


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"format": 2}, "The model has format 2, and this workbench reads 1."),
        ({"libraries": {"catboost": "1.2"}}, "The model needs catboost 1.2, which is not installed here."),
        ({"estimator": {"onnx": {}}}, "The model is kept in a way that this workbench does not know, 'onnx'."),
        ({"estimator": {"ours": {"name": "moe", "fields": {}}}}, "workbench does not know, 'moe'."),
        ({"estimator": {"array": "7.npy"}}, "The model cannot be read: "),
        ({"classes": {"tuple": 3}}, "The model cannot be read: "),
    ],
)
def test_what_cannot_be_read_here_is_said_in_a_sentence(facts, sentence):
    with pytest.raises(StoredModelError) as caught:
        decoded(changed(of(None), **facts), built)
    assert sentence in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("stored", ["1.10.0", "2", "1.9.10", "99.0.dev1"])
def test_a_newer_library_is_named_with_both_versions(monkeypatch, stored):
    monkeypatch.setattr("operators.contract.values.codec.libraries.version", {"scikit-learn": "1.9.2"}.get)
    with pytest.raises(StoredModelError, match=f"with scikit-learn {stored}, and 1.9.2 is installed here"):
        decoded(changed(of(None), libraries={"scikit-learn": stored}), built)


@pytest.mark.parametrize("stored", ["1.9.2", "1.9", "1.9.2.post1", "0.24", "1.9.0+cpu"])
def test_an_older_library_or_the_same_will_do(monkeypatch, stored):
    monkeypatch.setattr("operators.contract.values.codec.libraries.version", {"scikit-learn": "1.9.2"}.get)
    assert decoded(changed(of(None), libraries={"scikit-learn": stored}), built) == of(None)


def test_a_part_that_is_cut_is_said_in_a_sentence():
    payload = encoded(fit_model(ROWS, "left", "classification", "random_forest"))
    for cut in (5, 200, len(payload) // 2, len(payload) - 1):
        with pytest.raises(StoredModelError, match="cannot be read"):
            decoded(payload[:cut], built)


def test_a_pickle_of_before_is_read():
    model = fit_model(ROWS, "left", "classification", "linear")
    assert decoded(pickle.dumps(model), built).predict_rows(ROWS).equals(model.predict_rows(ROWS))
