"""A body that is too long, too slow, or never ends is refused, and holds nothing up."""

import asyncio

import pytest
from starlette.requests import Request

from engine.serving.body import read_body
from engine.serving.errors import RequestError


def request(*chunks, headers=(), more=False):
    """Return a request whose body comes in `chunks`, and then not at all where there is `more`."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages[-1]["more_body"] = more

    async def receive():
        if messages:
            return messages.pop(0)
        return await asyncio.Event().wait()

    return Request({"type": "http", "method": "POST", "headers": list(headers)}, receive)


def test_a_body_is_put_together():
    assert asyncio.run(read_body(request(b"ab", b"", b"c"))) == b"abc"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (lambda: request(b"x", headers=[(b"content-length", b"11")], more=True), 413),
        (lambda: request(b"x" * 6, b"x" * 5, more=True), 413),
        (lambda: request(b"x", more=True), 408),
    ],
)
def test_what_is_too_long_or_too_slow_is_refused(asked, status):
    with pytest.raises(RequestError) as caught:
        asyncio.run(read_body(asked(), limit=10, seconds=0.05))
    assert caught.value.status == status


def test_a_client_that_leaves_is_let_go():
    async def gone():
        return {"type": "http.disconnect"}

    with pytest.raises(RequestError, match="left"):
        asyncio.run(read_body(Request({"type": "http", "method": "POST", "headers": []}, gone)))
