"""What stands in Serve's HTTP proxy before all services: no slow client takes a place of a replica.

Serve gives a request a place at a replica when its first line and headers are there, and the replica then waits for the
body: as many clients as there are places, each with one byte, would shut the service. Here the body is read first,
within the bounds of `body.py`; a place is taken when it is whole. What the proxy says itself (no such service, busy,
gone) becomes the JSON that services answer.

Ray makes the proxy call `guards` because of `RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH`, which `resources.cluster` sets
for our own Ray. A cluster that others run has no such door: there the gateway's own bounds hold, not these.
"""

import asyncio
import logging
from collections.abc import Collection
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.config import Settings
from engine.serving.body import BODY_SECONDS, MAX_BODY, Room, read_body
from engine.serving.callers import check, names
from engine.serving.errors import RequestError, refusal

_LOG = logging.getLogger(__name__)
_OWN = "/-/"
"""Paths of the proxy itself, which Serve asks for its health."""


def guards() -> list[Middleware]:
    """Return what the proxy puts before its application; Ray calls this as the proxy starts."""
    settings = Settings()
    room = Room(settings.service_bodies_mb * 2**20)
    return [Middleware(Door, known=names(settings), room=room, answer_s=settings.service_answer_s)]


class Door:
    """An application that gets whole requests, and says in JSON what it refuses; ASGI.

    Args:
        app: Serve's proxy.
        known: Names under which services may be asked, in lower case.
        room: Bytes that bodies may take together, from their first byte until the answer is sent.
        answer_s: Seconds an answer may take, from a whole body to its last byte.
        body_s: Seconds a body may take.
    """

    def __init__(
        self, app: ASGIApp, *, known: Collection[str], room: Room, answer_s: float, body_s: float = BODY_SECONDS
    ) -> None:
        self._app = app
        self._known = known
        self._room = room
        self._answer_s = answer_s
        self._body_s = body_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in, or refuse it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # services have none
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            check("GET" if scope["path"].startswith(_OWN) else scope["method"], Headers(scope=scope), self._known)
            body = await read_body(Request(scope, receive), MAX_BODY, self._body_s, self._room)
        except RequestError as error:
            await self._refuse(error, scope, receive, send)
            return
        try:
            await self._answered(scope, _Replayed(body, receive), _Spoken(scope, send))
        finally:
            self._room.give_back(len(body))

    async def _refuse(self, error: RequestError, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once, and end the connection when its body ends, or after as long as a body may take.

        Many clients look for an answer only when their body is sent, and would find a closed connection.
        """

        async def begun(message: Message) -> None:
            await send({**message, "more_body": True} if message["type"] == "http.response.body" else message)

        await refusal(error, close=True)(scope, receive, begun)
        if error.status not in {400, 408}:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._body_s):
                    while (await receive()).get("more_body"):
                        pass
        await send({"type": "http.response.body", "body": b""})

    async def _answered(self, scope: Scope, receive: "_Replayed", spoken: "_Spoken") -> None:
        try:
            async with asyncio.timeout(self._answer_s):
                await self._app(scope, receive, spoken)
        except TimeoutError:
            if spoken.started:
                raise
            told = f"The service did not answer within {self._answer_s:g} seconds."
            await spoken.refuse(RequestError(told, hint="Ask for fewer rows, or again later.", status=503))
            return
        if not spoken.started:  # Serve says nothing of a replica that ended
            told = "The service ended before it answered."
            await spoken.refuse(RequestError(told, hint="It is started again; ask again later.", status=503))


class _Replayed:
    """A body that was read, as it comes from a client; then what the client does next."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


class _Spoken:
    """What an application sends; what Serve's proxy says itself, in plain text, becomes the JSON of a refusal."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.started = False
        self._scope = scope
        self._send = send
        self._plain: tuple[int, bytearray] | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_plain_refusal(message):
            self.started, self._plain = True, (int(message["status"]), bytearray())
        elif self._plain is None:
            self.started = True
            await self._send(message)
        else:
            status, text = self._plain
            text += message.get("body", b"")
            if not message.get("more_body"):
                _LOG.info("The proxy said %s: %s", status, text.decode("utf-8", "replace"))
                await self.refuse(_said(status, str(self._scope["path"])))

    async def refuse(self, error: RequestError) -> None:
        """Answer with a refusal."""
        self.started = True
        await refusal(error)(self._scope, _silent, self._send)


async def _silent() -> Message:
    return {"type": "http.disconnect"}


def _is_plain_refusal(message: Message) -> bool:
    kind = Headers(raw=message.get("headers", [])).get("content-type", "")
    return int(message["status"]) >= 400 and kind.startswith("text/plain")  # noqa: PLR2004 # HTTP's own number


def _said(status: int, path: str) -> RequestError:
    known: dict[int, tuple[str, str]] = {
        404: (f"There is no service at {path[:200]}.", "See `tandem services` for what runs."),
        408: ("The service did not answer in time.", "Ask for fewer rows, or again later."),
        503: (f"The service is busy or starting at {path[:200]}.", "Ask again later."),
    }
    told, hint = known.get(status, (f"Status {status} came at {path[:200]}.", "See `tandem services` for what runs."))
    return RequestError(told, hint=hint, status=status)
