"""What a request to a service may be refused for.

```
ServingError (engine.errors)
└── RequestError       a request that cannot be answered: 4xx, with the field and the row it is about
```
"""

from typing import TYPE_CHECKING, Any

from engine.errors import ServingError

if TYPE_CHECKING:
    from starlette.responses import JSONResponse  # imported where something is refused: every command imports this

RETRY_S = 1
"""Seconds after which who was turned away may ask again."""


class RequestError(ServingError):
    """A request that cannot be answered, in one sentence.

    Args:
        message: What is wrong, with the value.
        hint: What to do.
        status: The HTTP status, in [400, 499] or 503.
        field: The column it is about; empty where it is about the whole request.
        row: Number of the row it is about, from 0; None where it is about the whole request.
    """

    def __init__(
        self, message: str = "", *, hint: str = "", status: int = 400, field: str = "", row: int | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.field = field
        self.row = row

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), str(self), self.hint, self.status, self.field, self.row))

    def document(self) -> dict[str, Any]:
        """Return the body of the answer: `{"error", "hint", "field", "row"}`."""
        return {"error": str(self), "hint": self.hint, "field": self.field or None, "row": self.row}


def refusal(error: RequestError, *, close: bool = False) -> "JSONResponse":
    """Return the answer that says so: JSON, and when to ask again where it was only not the moment.

    Args:
        error: What is wrong.
        close: End the connection after it, as where the rest of a body may never come.
    """
    from starlette.responses import JSONResponse

    headers = {"connection": "close"} if close else {}
    if error.status == 503:  # noqa: PLR2004 # HTTP's own number
        headers["retry-after"] = str(RETRY_S)
    return JSONResponse(error.document(), error.status, headers=headers)


def _rebuild(
    kind: type[RequestError], message: str, hint: str, status: int, field: str, row: int | None
) -> RequestError:
    return kind(message, hint=hint, status=status, field=field, row=row)
