"""Who may ask a service: under its own names, from no page of another site, and with JSON said to be JSON.

A page that a browser of this machine shows can send requests to a port of this machine. It cannot choose the header
`Host`, except by a name that it makes lead here (DNS rebinding), nor hide the header `Origin`, and without being asked
for leave it can call a body form, text or nothing, but not JSON.
"""

import re
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.config import LOOPBACK, Settings
from engine.serving.errors import RequestError, refusal

_HOST = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[^\s:\[\]/@]+))(?::\d{1,5})?", re.IGNORECASE)
_JSON = re.compile(r'application/json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*|;\s*format\s*=[^;]*)*;?', re.IGNORECASE)


def names(settings: Settings | None = None) -> frozenset[str]:
    """Return the names under which services may be asked: those of loopback, and those that the settings add."""
    more = (settings or Settings()).service_hosts.split(",")
    return LOOPBACK | {name.strip().lower() for name in more if name.strip()}


def check(method: str, headers: Headers, known: Collection[str]) -> None:
    """Do nothing where a request may be answered.

    Args:
        method: Of the request.
        headers: Of the request.
        known: Names under which this service may be asked, in lower case.

    Raises:
        RequestError: 403 for another name, or a page of another site; 415 for a body that is not said to be JSON.
    """
    host = _only(headers, "host")
    found = _HOST.fullmatch(host)
    if found is None or (found["six"] or found["name"]).lower() not in known:
        raise RequestError(
            f"A service is not asked as {host[:200]!r}.",
            hint="Ask it as localhost or 127.0.0.1; TANDEM_SERVICE_HOSTS names more.",
            status=403,
        )
    for origin in headers.getlist("origin"):
        if origin.lower() not in {f"http://{host.lower()}", f"https://{host.lower()}"}:
            raise RequestError(
                f"A page of {origin[:200]!r} may not ask this service.",
                hint="Ask from a program, or put a gateway in front that allows the page.",
                status=403,
            )
    if method == "POST":
        _check_content(headers)


def _check_content(headers: Headers) -> None:
    kind = _only(headers, "content-type")
    if _JSON.fullmatch(kind) is None:
        raise RequestError(
            f"The body is said to be {kind[:200]!r}, not JSON.",
            hint="Send it with the header 'Content-Type: application/json'.",
            status=415,
        )
    coding = _only(headers, "content-encoding")
    if coding.lower() not in {"", "identity"}:
        raise RequestError(f"The body is packed as {coding[:200]!r}.", hint="Send it as it is.", status=415)


def _only(headers: Headers, name: str) -> str:
    """Return the header; where it stands several times, all of it, which is none that is known."""
    return ", ".join(headers.getlist(name)).strip()


class Guarded:
    """An application behind the check; ASGI.

    Args:
        app: The application.
        known: Names under which it may be asked.
    """

    def __init__(self, app: ASGIApp, known: Collection[str]) -> None:
        self._app = app
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in, or refuse it."""
        if scope["type"] == "http":
            try:
                check(str(scope["method"]), Headers(scope=scope), self._known)
            except RequestError as error:
                await refusal(error)(scope, receive, send)
                return
        await self._app(scope, receive, send)
