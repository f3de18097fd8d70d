"""Asking a service over HTTP, on this machine."""

import functools
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.errors import ServingError
from engine.serving.errors import RequestError
from engine.serving.rows import MAX_ROWS

if TYPE_CHECKING:
    import httpx  # imported when a service is asked: it takes a seventh of what every command needs to start

SECONDS = 60.0
"""How long an answer may take."""


def predict(url: str, rows: Sequence[Mapping[str, Any]], *, seconds: float = SECONDS) -> dict[str, Any]:
    """Return a service's answer: `{"predictions": [{"prediction", "probabilities"}], "model", "version"}`.

    More rows than one request may have go in several; they are answered by the version that answered the last.

    Args:
        url: Of the service, as its row in the records has it.
        rows: JSON objects with the columns of the signature; others of the source may stand beside them.
        seconds: How long each request may take.

    Raises:
        RequestError: A row does not fit; it names the field and the row.
        ServingError: The service is down, busy or broken.
    """
    predictions: list[Any] = []
    answer: dict[str, Any] = {}
    for start in range(0, max(len(rows), 1), MAX_ROWS):
        try:
            answer = _asked("POST", f"{url}/predict", seconds, json={"rows": list(rows[start : start + MAX_ROWS])})
        except RequestError as error:
            raise _moved(error, start) from error
        predictions += answer["predictions"]
    return {**answer, "predictions": predictions}


def health(url: str, *, seconds: float = 5.0) -> dict[str, Any]:
    """Return `{"status": "healthy", "model", "version"}` after the service has made a real prediction.

    Raises:
        ServingError: It did not.
    """
    return _asked("GET", f"{url}/health", seconds)


def _asked(method: str, url: str, seconds: float, **content: Any) -> dict[str, Any]:
    import httpx

    try:
        response = _client().request(method, url, timeout=seconds, **content)
    except httpx.TimeoutException as error:
        raise ServingError(f"{url} did not answer within {seconds:g} seconds.", hint="Ask again later.") from error
    except httpx.HTTPError as error:
        raise ServingError(
            f"Nothing answers at {url}.", hint="See whether the service runs, and `tandem up`."
        ) from error
    document = _document(response)
    if response.is_success and document is not None:
        return document
    raise _refusal(url, response.status_code, document)


def _document(response: "httpx.Response") -> dict[str, Any] | None:
    try:
        document = response.json()
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _refusal(url: str, status: int, document: dict[str, Any] | None) -> ServingError:
    if document is None or "error" not in document:
        known = {404: f"There is no service at {url}.", 503: f"The service is busy or starting at {url}."}
        told = known.get(status, f"Status {status} came at {url}.")
        return ServingError(told, hint="See `tandem services` for what runs.")
    error, hint = str(document["error"]), str(document.get("hint") or "")
    if status >= 500:  # noqa: PLR2004 # the service's fault
        return ServingError(error, hint=hint)
    return RequestError(error, hint=hint, status=status, field=document.get("field") or "", row=document.get("row"))


def _moved(error: RequestError, start: int) -> RequestError:
    """Return the error with the row's number among all rows, not only those of its request."""
    if error.row is None or start == 0:
        return error
    text = str(error).replace(f"Row {error.row}", f"Row {error.row + start}", 1)
    return RequestError(text, hint=error.hint, status=error.status, field=error.field, row=error.row + start)


@functools.cache
def _client() -> "httpx.Client":
    import httpx

    logging.getLogger("httpx").setLevel(logging.WARNING)  # or the engine's log would tell every look at health
    return httpx.Client(trust_env=False)  # no proxy stands between processes of one machine
