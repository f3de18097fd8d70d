"""The HTTP face of a model: what it answers, and how it refuses."""

import json
import threading

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from engine.serving.gateway import Served, create_app

VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=2)
ROWS = st.lists(st.dictionaries(st.sampled_from(["age", "plan", "monthly", "id", "other"]), VALUES), max_size=3)
SPLITS = st.fixed_dictionaries({"columns": st.lists(st.text(), max_size=3), "data": st.lists(VALUES, max_size=3)})
NAMES = st.sampled_from(["rows", "dataframe_records", "dataframe_split", "inputs", "instances", "age"])
ANYTHING = ROWS | st.dictionaries(NAMES, ROWS | SPLITS | VALUES, max_size=2) | VALUES


JSON = {"content-type": "application/json"}


def asking(app):
    """Return a client of an application as people have one: on this machine, and saying that what it sends is JSON."""
    return TestClient(app, "http://127.0.0.1:8000", raise_server_exceptions=False, headers=JSON)


class Kept:
    """Keeps what is captured in memory."""

    def __init__(self):
        self.rows = []

    def add(self, asked, answered):
        self.rows.append((asked, answered))

    def close(self):
        self.rows.append("closed")


@pytest.fixture
def capture():
    return Kept()


@pytest.fixture
def client(served, capture):
    with asking(create_app(served, capture)) as client:
        yield client


def refused(response, status):
    """Return the body of a refusal, after checking its shape."""
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"error", "hint", "field", "row"}
    assert "Traceback" not in response.text
    return body


@pytest.mark.parametrize("shape", [lambda row: {"rows": [row]}, lambda row: [row], lambda row: row])
def test_predict_takes_rows_a_list_or_one_object(client, row, shape, churn):
    body = client.post("/predict", json=shape(row)).json()
    assert body == {"predictions": churn.answer([row]), "model": "churn", "version": "1"}
    assert set(body["predictions"][0]["probabilities"]) == {"no", "yes"}


@pytest.mark.parametrize(
    "shape",
    [
        lambda rows: {"dataframe_records": rows},
        lambda rows: {"dataframe_split": {"columns": list(rows[0]), "data": [list(row.values()) for row in rows]}},
        lambda rows: {"inputs": {name: [row[name] for row in rows] for name in rows[0]}},
        lambda rows: {"inputs": rows},
        lambda rows: {"instances": rows},
    ],
)
def test_invocations_takes_the_conventions_of_mlflow(client, row, shape):
    rows = [row, {**row, "plan": "free"}]
    body = client.post("/invocations", json=shape(rows)).json()
    assert [one["prediction"] for one in body["predictions"]] == ["no", "yes"]
    assert set(body["predictions"][0]) == {"prediction", "probability_no", "probability_yes"}
    assert (body["model"], body["version"]) == ("churn", "1")


def test_a_column_with_gaps_in_training_may_be_left_out_and_is_null(client, row, churn):
    answer = churn.answer([{**row, "age": None}])
    rows = [{"plan": row["plan"], "monthly": row["monthly"]}]
    assert client.post("/predict", json=rows).json()["predictions"] == answer
    assert client.post("/predict", json=rows[0]).json()["predictions"] == answer
    flat = client.post("/invocations", json={"dataframe_records": rows}).json()["predictions"]
    assert [one["prediction"] for one in flat] == [answer[0]["prediction"]]


def test_rows_of_one_request_may_leave_out_different_columns(client, row, churn):
    rows = [row, {"plan": "free", "monthly": 5}, {**row, "age": None}]
    predictions = client.post("/predict", json={"rows": rows}).json()["predictions"]
    assert predictions == churn.answer([row, {"age": None, "plan": "free", "monthly": 5}, {**row, "age": None}])


@pytest.mark.parametrize("name", ["plan", "monthly"])
def test_a_column_without_gaps_in_training_is_asked_for_by_name(client, row, name):
    del row[name]
    body = refused(client.post("/predict", json=row), 422)
    assert (body["field"], body["row"], body["error"]) == (name, 0, f"Row 0 has no column {name!r}.")


def test_a_misspelt_column_that_may_be_left_out_is_not_taken_for_left_out(client, row):
    del row["age"]
    body = refused(client.post("/predict", json={**row, "agee": 1}), 422)
    assert (body["field"], body["hint"]) == ("agee", "Did you mean 'age'?")


def test_a_byte_order_mark_before_the_body_is_left_out_as_in_files(client, row, churn):
    body = b"\xef\xbb\xbf" + json.dumps(row).encode()
    assert client.post("/predict", content=body).json()["predictions"] == churn.answer([row])


def test_the_last_of_a_repeated_name_counts_as_in_files(client, row, churn):
    body = json.dumps(row)[:-1] + ', "plan": "free"}'
    assert client.post("/predict", content=body).json()["predictions"] == churn.answer([{**row, "plan": "free"}])


def test_health_makes_a_real_prediction(served, churn):
    with asking(create_app(served)) as client:
        assert client.get("/health").json() == {"status": "healthy", "model": "churn", "version": "1"}
    broken = Served(
        "churn", "churn", "2", type(churn)(churn.source, churn.steps, Broken(churn.model)), served.signature
    )
    with asking(create_app(broken)) as client:
        assert "failed" in refused(client.get("/health"), 500)["error"]


class Broken:
    """A model that cannot answer."""

    def __init__(self, model):
        self.features = model.features

    def answer(self, prepared):
        raise ZeroDivisionError("inside")


def test_openapi_names_the_columns_with_types_and_an_example(client, customers):
    document = client.get("/openapi.json").json()
    schema = document["components"]["schemas"]["Row"]
    assert list(schema["properties"]) == ["age", "plan", "monthly"]
    assert schema["required"] == ["plan", "monthly"]
    assert schema["properties"]["age"]["type"] == ["integer", "null"]
    assert schema["example"]["plan"] == customers["plan"].mode()[0]
    example = document["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert client.post("/predict", json=example).status_code == 200


def test_a_missing_column_is_named(client, row):
    del row["plan"]
    body = refused(client.post("/predict", json=[row]), 422)
    assert (body["field"], body["row"]) == ("plan", 0)


def test_an_unknown_column_is_named_with_what_was_meant(client, row):
    row["plann"] = row.pop("plan")
    body = refused(client.post("/predict", json=[row]), 422)
    assert (body["field"], body["hint"]) == ("plann", "Did you mean 'plan'?")


def test_other_columns_of_the_source_are_ignored(client, row):
    plain = client.post("/predict", json=[row]).json()
    assert client.post("/predict", json=[{**row, "id": "x", "churned": 3}]).json() == plain


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("age", "41"),
        ("age", 41.5),
        ("age", True),
        ("age", 2**63),
        ("monthly", "9.5"),
        ("monthly", [9.5]),
        ("plan", 3),
        ("plan", {"a": 1}),
    ],
)
def test_a_wrong_type_is_named_by_row_and_field(client, row, field, value):
    body = refused(client.post("/predict", json=[row, {**row, field: value}]), 422)
    assert (body["field"], body["row"]) == (field, 1)
    assert repr(field) in body["error"]


@pytest.mark.parametrize("change", [{"age": 41.0}, {"monthly": 9}, {"age": None}, {"plan": None}, {"monthly": None}])
def test_whole_floats_integers_for_floats_and_nulls_are_values(client, row, change):
    assert client.post("/predict", json={**row, **change}).status_code == 200


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_not_finite_are_refused(client, number):
    text = '{"age": 41, "plan": "pro", "monthly": ' + number + "}"
    response = client.post("/predict", content=text, headers={"content-type": "application/json"})
    assert response.status_code in {400, 422}
    refused(response, response.status_code)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 1_000_000, b'{"a":' * 100_000, b"\xff\xfe", b'"\\ud800"', b"1" * 100_000, b"null"]
)
def test_what_is_not_json_is_refused(client, body):
    response = client.post("/predict", content=body)
    refused(response, response.status_code)
    assert response.status_code in {400, 422}


@pytest.mark.parametrize("body", [[], {"rows": []}, {"rows": 3}, {"rows": {"a": 1}}, 3, "x", [1], [[1]], [None]])
def test_what_is_not_rows_is_refused(client, body):
    refused(client.post("/predict", json=body), 422)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"dataframe_records": {}},
        {"dataframe_split": {"columns": ["a"], "data": [[1, 2]]}},
        {"dataframe_split": {"columns": ["a", "a"], "data": [[1, 2]]}},
        {"dataframe_split": 3},
        {"inputs": {"a": [1], "b": []}},
        {"inputs": 3},
        {"inputs": [], "instances": []},
        {"instances": "x"},
    ],
)
def test_what_follows_no_convention_is_refused(client, body):
    refused(client.post("/invocations", json=body), 422)


@given(body=ANYTHING, route=st.sampled_from(["/predict", "/invocations"]))
def test_any_json_is_answered_or_refused_in_a_sentence(served, body, route):
    with asking(create_app(served)) as client:
        response = client.post(route, content=json.dumps(body).encode())
    if response.status_code != 200:
        assert response.status_code in {400, 413, 422}, response.text
        refused(response, response.status_code)


def test_a_body_over_ten_megabytes_is_refused(client):
    refused(client.post("/predict", content=b" " * 10_000_001), 413)
    refused(client.post("/predict", content=(b" " * 1_000_000 for _ in range(11))), 413)


def test_more_than_ten_thousand_rows_are_refused(client, row):
    refused(client.post("/predict", json=[row] * 10_001), 413)
    assert len(client.post("/predict", json=[row] * 10_000).json()["predictions"]) == 10_000


def test_an_unknown_route_and_method_are_sentences(client):
    assert "/predict" in refused(client.get("/nowhere"), 404)["hint"]
    refused(client.get("/predict"), 405)


def test_bad_requests_leave_no_threads_behind(client, row):
    client.post("/predict", json=row)
    before = threading.active_count()
    for _ in range(50):
        client.post("/predict", content=b"[" * 1000)
        client.post("/predict", json=[{**row, "age": "x"}])
    assert threading.active_count() <= before + 1


def test_answers_are_captured_and_refusals_are_not(served, capture, row):
    with asking(create_app(served, capture)) as client:
        client.post("/predict", json=[{**row, "id": 7}])
        client.post("/predict", json=[{**row, "age": "x"}])
    (asked, answered), closed = capture.rows
    assert asked.to_dicts() == [row]
    assert asked.schema == pl.Schema({"age": pl.Int64, "plan": pl.String, "monthly": pl.Float64})
    assert answered["prediction"].to_list() == ["no"]
    assert closed == "closed"


def test_a_name_of_any_letters_reaches_the_refusal(client, row):
    body = refused(client.post("/predict", content=json.dumps({**row, "年龄\u202e": 1}).encode()), 422)
    assert body["field"] == "年龄\u202e"
