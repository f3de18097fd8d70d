"""The screens as they are served: Streamlit's application, with what a browser may do with its pages in each answer."""

from pathlib import Path

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.starlette import App

POLICY = "; ".join(
    [
        "default-src 'self'",
        # Streamlit's charts are compiled in the browser, and its components are small inline modules.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' blob: data:",
        "frame-ancestors 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    ]
)
"""Nothing is fetched from elsewhere or sent there, and no page of another site shows ours in a frame."""
_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


class Closed:
    """An application whose every answer says what a browser may do with it; ASGI.

    Args:
        app: The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name for name, _ in _HEADERS}
                others = [(name, value) for name, value in message.get("headers", []) if name.lower() not in named]
                message = {**message, "headers": [*others, *_HEADERS]}
            await send(message)

        await self._app(scope, receive, sent)


HOSTS = ("localhost", "127.0.0.1")
"""What the screens are called; Streamlit itself asks only live connections for it, and answers the rest by any name."""

app = App(
    str(Path(__file__).with_name("main.py")),
    middleware=[Middleware(Closed), Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)],
)
