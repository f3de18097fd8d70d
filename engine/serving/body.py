"""Reading a request's body, neither longer nor slower than it may be."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from engine.serving.errors import RequestError

MAX_BODY = 10_000_000
"""Bytes of a request's body."""
BODY_SECONDS = 15.0
"""Seconds a client may take to send its body."""


async def read_body(request: Request, limit: int = MAX_BODY, seconds: float = BODY_SECONDS) -> bytes:
    """Return the body of a request.

    Args:
        request: Its body has not been read yet.
        limit: Bytes it may have.
        seconds: Time it may take.

    Raises:
        RequestError: 413 for a longer body, as soon as that is known; 408 for a slower one.
    """
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > limit:
        raise _too_long(limit)
    try:
        async with asyncio.timeout(seconds):
            return await _read(request, limit)
    except TimeoutError:
        raise RequestError(
            f"The body took more than {seconds:g} seconds.", hint="Send it in one go.", status=408
        ) from None
    except ClientDisconnect:
        raise RequestError("The client left before its body was read.", hint="Ask again.", status=400) from None


async def _read(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _too_long(limit)
    return bytes(body)


def _too_long(limit: int) -> RequestError:
    return RequestError(
        f"The body is longer than {limit} bytes.",
        hint="Send the rows in several requests, or score them as a batch.",
        status=413,
    )
