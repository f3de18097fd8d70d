"""Asking a service says in a sentence what went wrong."""

import subprocess
import sys

import httpx
import pytest

from engine.errors import ServingError
from engine.serving import client
from engine.serving.errors import RequestError

URL = "http://127.0.0.1:1/churn"


@pytest.fixture
def answering(monkeypatch):
    """Let a function answer instead of the network."""

    def answer(handler):
        made = httpx.Client(transport=httpx.MockTransport(handler))
        monkeypatch.setattr(client, "_client", lambda: made)

    return answer


def test_rows_beyond_one_request_go_in_several(answering, monkeypatch):
    monkeypatch.setattr(client, "MAX_ROWS", 2)

    def answer(request):
        rows = __import__("json").loads(request.content)["rows"]
        return httpx.Response(200, json={"predictions": rows, "model": "churn", "version": "1"})

    answering(answer)
    rows = [{"n": number} for number in range(5)]
    assert client.predict(URL, rows) == {"predictions": rows, "model": "churn", "version": "1"}


def test_a_refused_row_is_counted_among_all_rows(answering, monkeypatch):
    monkeypatch.setattr(client, "MAX_ROWS", 1)
    told = {"error": "Row 0 has no column 'age'.", "hint": "", "field": "age", "row": 0}
    answers = iter([httpx.Response(200, json={"predictions": [1]}), httpx.Response(422, json=told)])
    answering(lambda request: next(answers))
    with pytest.raises(RequestError, match="Row 1 has no column 'age'") as caught:
        client.predict(URL, [{}, {}])
    assert (caught.value.row, caught.value.field, caught.value.status) == (1, "age", 422)


def test_a_service_that_is_down_is_a_sentence():
    with pytest.raises(ServingError, match="Nothing answers at"):
        client.health(URL)


@pytest.mark.parametrize(
    ("response", "told"),
    [
        (httpx.Response(404, text="Path not found"), "There is no service"),
        (httpx.Response(503, text="busy"), "busy or starting"),
        (httpx.Response(500, json={"error": "The service failed to answer.", "hint": "x"}), "failed to answer"),
        (httpx.Response(200, text="<html>"), "Status 200"),
    ],
)
def test_every_other_answer_is_a_sentence(answering, response, told):
    answering(lambda request: response)
    with pytest.raises(ServingError, match=told) as caught:
        client.predict(URL, [{}])
    assert not isinstance(caught.value, RequestError)


def test_a_slow_service_is_a_sentence(answering):
    def slow(request):
        raise httpx.ReadTimeout("slow")

    answering(slow)
    with pytest.raises(ServingError, match="did not answer within 5 seconds"):
        client.health(URL)


def test_a_workbench_opens_without_what_only_a_request_needs():
    code = "import sys, engine.workbench.bench; print('httpx' in sys.modules, 'engine.serving.client' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "True"]
