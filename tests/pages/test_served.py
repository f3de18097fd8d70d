"""Every answer of the screens says what a browser may do with it."""

import asyncio

import pytest
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app.served import Closed, app


def headers_of(kind, *before):
    """Return the headers of an answer that has come through."""
    sent = []

    async def inner(scope, receive, send):
        await send({"type": kind, "status": 200, "headers": list(before)})

    async def send(message):
        sent.append(message)

    asyncio.run(Closed(inner)({"type": "http"}, None, send))
    return dict(sent[0]["headers"])


def policy():
    text = headers_of("http.response.start")[b"content-security-policy"].decode()
    return {name: sources.split() for name, _, sources in (part.partition(" ") for part in text.split("; "))}


def test_the_application_of_the_screens_is_closed():
    assert [middleware.cls for middleware in app._user_middleware] == [Closed, TrustedHostMiddleware]


def test_no_other_site_may_frame_the_screens():
    assert policy()["frame-ancestors"] == ["'self'"]
    assert headers_of("http.response.start")[b"x-frame-options"] == b"SAMEORIGIN"


@pytest.mark.parametrize("kind", ["default-src", "script-src", "connect-src", "img-src", "frame-src", "form-action"])
def test_nothing_comes_from_elsewhere_or_goes_there(kind):
    assert not [source for source in policy()[kind] if not source.startswith("'") and source not in ("data:", "blob:")]


def test_what_an_answer_says_itself_does_not_stand_beside_ours():
    named = headers_of("http.response.start", (b"Content-Security-Policy", b"default-src *"), (b"etag", b"x"))
    assert b"Content-Security-Policy" not in named
    assert named[b"etag"] == b"x"
