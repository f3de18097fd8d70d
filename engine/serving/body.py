"""Reading a request's body, neither longer nor slower than it may be, nor more of them at a time than memory is for."""

import asyncio
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect, Request

from engine.serving.errors import RequestError

MAX_BODY = 10_000_000
"""Bytes of a request's body."""
BODY_SECONDS = 15.0
"""Seconds a client may take to send its body."""


@dataclass
class Room:
    """Bytes that bodies may take together; what comes in counts as it comes.

    Args:
        size: Bytes in all.
    """

    size: int
    taken: int = field(default=0, init=False)

    def take(self, count: int) -> None:
        """Count `count` bytes more.

        Raises:
            RequestError: 503; they do not fit now.
        """
        if self.taken + count > self.size:
            raise RequestError(
                f"The bodies of the requests under way take {self.size} bytes already.",
                hint="Ask again later; TANDEM_SERVICE_BODIES_MB is the limit.",
                status=503,
            )
        self.taken += count

    def give_back(self, count: int) -> None:
        """Count `count` bytes less."""
        self.taken -= count


async def read_body(
    request: Request, limit: int = MAX_BODY, seconds: float = BODY_SECONDS, room: Room | None = None
) -> bytes:
    """Return the body of a request.

    Args:
        request: Its body has not been read yet.
        limit: Bytes it may have.
        seconds: Time it may take.
        room: Where its bytes count; a body that is returned goes on counting, one that is refused does not.

    Raises:
        RequestError: 413 for a longer body, as soon as that is known; 408 for a slower one; 503 for want of room.
    """
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced[:20]) > limit:
        raise _too_long(limit)
    body, room = bytearray(), room or Room(limit)
    whole = False
    try:
        async with asyncio.timeout(seconds):
            await _read(request, limit, room, body)
        whole = True
    except TimeoutError:
        raise RequestError(
            f"The body took more than {seconds:g} seconds.", hint="Send it in one go.", status=408
        ) from None
    except ClientDisconnect:
        raise RequestError("The client left before its body was read.", hint="Ask again.", status=400) from None
    finally:
        if not whole:
            room.give_back(len(body))
    return bytes(body)


async def _read(request: Request, limit: int, room: Room, body: bytearray) -> None:
    async for chunk in request.stream():
        if len(body) + len(chunk) > limit:
            raise _too_long(limit)
        room.take(len(chunk))
        body += chunk


def _too_long(limit: int) -> RequestError:
    return RequestError(
        f"The body is longer than {limit} bytes.",
        hint="Send the rows in several requests, or score them as a batch.",
        status=413,
    )
