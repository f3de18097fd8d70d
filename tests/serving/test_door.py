"""What stands before all services: a body is whole before it takes a place, and every refusal is JSON."""

import asyncio
import time

import pytest
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.testclient import TestClient

from engine.serving.body import Room
from engine.serving.door import Door, guards

KNOWN = {"localhost"}
HEADERS = [(b"host", b"localhost"), (b"content-type", b"application/json")]


def door(app, room=None, answer_s=5.0, body_s=0.05):
    return Door(app, known=KNOWN, room=room or Room(1000), answer_s=answer_s, body_s=body_s)


def through(app, **options):
    """Return a client whose requests go through a door to `app`."""
    return TestClient(door(app, **options), "http://localhost", headers={"content-type": "application/json"})


async def echo(scope, receive, send):
    """Answer with the body, and how many messages it came in."""
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    body = b"".join(message["body"] for message in messages)
    await JSONResponse({"body": body.decode(), "messages": len(messages)})(scope, receive, send)


def ask_slowly(asked, *chunks):
    """Send `chunks` of a body that then goes no further; return the messages that come back."""
    waiting, sent = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks], []

    async def receive():
        return waiting.pop(0) if waiting else await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/churn/predict", "headers": HEADERS}
    asyncio.run(asked(scope, receive, send))
    return sent


def refused(response, status):
    assert response.status_code == status, response.text
    assert set(response.json()) == {"error", "hint", "field", "row"}
    return response


def test_a_body_comes_in_one_piece():
    assert through(echo).post("/", content=(part for part in [b"a", b"b", b"c"])).json() == {
        "body": "abc",
        "messages": 1,
    }


@pytest.mark.parametrize("chunks", [[], [b"{"], [b"{", b" "]])
def test_who_sends_slowly_reaches_nobody_and_is_sent_away(chunks):
    asked, room = [], Room(1000)

    async def app(scope, receive, send):
        asked.append(scope)

    start, *_ = ask_slowly(door(app, room), *chunks)
    assert (start["status"], dict(start["headers"])[b"connection"], asked, room.taken) == (408, b"close", [], 0)


def test_a_long_body_is_refused_as_soon_as_that_is_known():
    refused(through(echo, room=Room(2**30)).post("/", content=b" ", headers={"content-length": "10000001"}), 413)


def test_who_sends_without_end_is_answered_at_once_and_sent_away():
    sent = []

    async def receive():
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b" " * 1_000_000, "more_body": True}

    async def send(message):
        sent.append((message, clock()))

    clock, scope = time.monotonic, {"type": "http", "method": "POST", "path": "/churn/predict", "headers": HEADERS}
    asyncio.run(door(echo, Room(2**30), body_s=0.3)(scope, receive, send))
    (start, _), (body, answered), (end, ended) = sent
    assert (start["status"], dict(start["headers"])[b"connection"], body["more_body"]) == (413, b"close", True)
    assert (end["body"], end.get("more_body", False)) == (b"", False)
    assert ended - answered == pytest.approx(0.3, abs=0.25)


def test_bodies_share_a_room_and_leave_it():
    room = Room(10)
    client = through(echo, room=room)
    assert client.post("/", content=b"0123456789").status_code == 200
    response = refused(client.post("/", content=b"0123456789+"), 503)
    assert (response.headers["retry-after"], room.taken) == ("1", 0)
    assert "TANDEM_SERVICE_BODIES_MB" in response.json()["hint"]


@pytest.mark.parametrize("status", [404, 408, 429, 503])
def test_what_serve_says_in_text_becomes_json(status):
    response = refused(through(PlainTextResponse("Deployment x is overloaded", status)).get("/churn/health"), status)
    assert "overloaded" not in response.text
    assert ("retry-after" in response.headers) is (status == 503)


def test_an_answer_of_a_service_is_left_as_it_is():
    for answer in (JSONResponse({"error": "x"}, 422), PlainTextResponse("tandem_requests_total 1")):
        assert through(answer).get("/").text == answer.body.decode()


def test_a_service_that_ends_before_it_answers_is_told():
    async def nothing(scope, receive, send):
        await receive()

    assert refused(through(nothing).post("/", content=b"{}"), 503).headers["retry-after"] == "1"


def test_an_answer_has_a_deadline():
    async def never(scope, receive, send):
        await asyncio.Event().wait()

    assert "0.05 seconds" in refused(through(never, answer_s=0.05).post("/", content=b"{}"), 503).json()["error"]


def test_names_and_origins_are_checked_before_the_proxy_itself_answers():
    client = through(PlainTextResponse("success"))
    assert client.get("/-/healthz").text == "success"
    refused(client.get("/-/routes", headers={"host": "evil.example"}), 403)
    refused(client.get("/-/routes", headers={"origin": "https://evil.example"}), 403)


def test_the_settings_bound_it(monkeypatch):
    monkeypatch.setenv("TANDEM_SERVICE_BODIES_MB", "3")
    monkeypatch.setenv("TANDEM_SERVICE_ANSWER_S", "7")
    (guard,) = guards()
    assert (guard.kwargs["room"].size, guard.kwargs["answer_s"]) == (3 * 2**20, 7)
