"""The HTTP face of one model version: one FastAPI application, on Ray Serve or alone.

| route | takes | answers |
|---|---|---|
| `POST /predict` | `{"rows": [{…}]}`, a list of objects, or one object | `predictions`, `model`, `version` |
| `POST /invocations` | MLflow's conventions | the same, each prediction a flat record |
| `GET /health` | | `status`, `model`, `version`, after a real prediction |
| `GET /metrics` | | what this replica counted since it began, as text for Prometheus |
| `GET /openapi.json` | | the contract, with the columns of the signature and an example |

A prediction of `/predict` is `{"prediction": label or number, "probabilities": {label: share}}`, the latter for
classifiers alone; one of `/invocations` is a flat record `{"prediction": …, "probability_<label>": share}`.
What cannot be answered gets a 4xx with `{"error", "hint", "field", "row"}`; no traceback leaves. So does
who asks from a page of another site, under a name that is not the service's, or with a body that is not said to be JSON
(`callers.py`).
The model is called on a thread, so that the event loop keeps taking requests.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import polars as pl
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from polars.exceptions import PolarsError
from pydantic_core import to_json
from starlette.exceptions import HTTPException

from engine.serving import payloads
from engine.serving.body import read_body
from engine.serving.callers import Guarded, names
from engine.serving.contract import openapi
from engine.serving.errors import RequestError, refusal
from engine.serving.meter import Meter, Metered
from engine.serving.signature import Signature
from engine.serving.slice import Slice, documents
from engine.serving.traffic import prometheus
from engine.serving.values import rows_to_json
from operators.contract.engine_errors import values_that_do_not_fit
from operators.contract.errors import OperatorError
from resources.enforcement.turns import step

_LOG = logging.getLogger(__name__)
Reader = Callable[[Any], list[Any]]
Writer = Callable[[pl.DataFrame], list[dict[str, Any]]]
THREADS = 2
"""Predictions that one replica computes at a time; more wait."""


class Capture(Protocol):
    """What requests and answers are handed to; it must not fail and not wait."""

    def add(self, asked: pl.DataFrame, answered: pl.DataFrame) -> None:
        """Keep `n` rows of a request and their answers, at some time."""

    def close(self) -> None:
        """Write what is not written yet."""


@dataclass(frozen=True)
class Served:
    """What a gateway stands in front of.

    Args:
        service: Name of the service.
        model: Name of the model.
        version: Version of the model.
        piece: The slice that answers.
        signature: Its signature.
    """

    service: str
    model: str
    version: str
    piece: Slice
    signature: Signature

    def named(self, **parts: Any) -> dict[str, Any]:
        """Return an answer's body: `parts`, and which model version gave them."""
        return {**parts, "model": self.model, "version": self.version}


def create_app(
    served: Served, capture: Capture | None = None, meter: Meter | None = None, known: Collection[str] | None = None
) -> FastAPI:
    """Return the application of a service.

    Args:
        served: What answers.
        capture: Where requests and answers are kept; nowhere when None.
        meter: Counts requests; in memory alone when None.
        known: Names under which it may be asked, in lower case; those of the settings when None.
    """
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="predict")
    counted = meter or Meter(None, served.version)

    app = FastAPI(
        title=served.service,
        version=served.version,
        docs_url=None,
        redoc_url=None,
        lifespan=partial(_closing, threads, capture, counted),
    )
    app.add_middleware(Guarded, known=names() if known is None else known)
    app.add_middleware(Metered, meter=counted)
    example = served.piece.table_of([served.signature.example_row()])
    app.openapi = partial(openapi, served.service, served.version, served.signature)  # type: ignore[method-assign]

    async def in_thread(work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    async def answered(request: Request, rows_of: Reader, written: Writer) -> Response:
        body = await read_body(request)
        asked, answer, text = await in_thread(partial(_answer, served, body, rows_of, written))
        if capture is not None:
            capture.add(asked, answer)
        return Response(text, media_type="application/json")

    @app.post("/predict")
    async def predict(request: Request) -> Response:
        return await answered(request, payloads.plain_rows, documents)

    @app.post("/invocations")
    async def invocations(request: Request) -> Response:
        return await answered(request, payloads.invocation_rows, rows_to_json)

    @app.get("/health")
    async def health() -> JSONResponse:
        await in_thread(lambda: served.piece.predict(example))
        return JSONResponse(served.named(status="healthy"))

    @app.get("/metrics")
    async def metrics() -> PlainTextResponse:
        return PlainTextResponse(prometheus(counted, served.service, served.version))

    _refuse_in_sentences(app)
    return app


@asynccontextmanager
async def _closing(
    threads: ThreadPoolExecutor, capture: Capture | None, meter: Meter, _: FastAPI
) -> AsyncIterator[None]:
    yield
    threads.shutdown(wait=False)
    meter.close()
    if capture is not None:
        capture.close()


def _answer(served: Served, body: bytes, rows_of: Reader, written: Writer) -> tuple[pl.DataFrame, pl.DataFrame, bytes]:
    asked = served.piece.table_of(rows_of(payloads.parse(body)), served.signature.optional)
    try:
        with step():  # where others share its device, a request waits for its turn
            answer = served.piece.predict(asked)
    except OperatorError as error:
        raise RequestError(str(error), hint=error.hint, status=422, field=error.field) from error
    except PolarsError as error:
        unfit = values_that_do_not_fit(error)
        if unfit is None:
            raise
        raise RequestError(str(unfit), hint=unfit.hint, status=422) from error
    return asked, answer, to_json(served.named(predictions=written(answer)))


def _refuse_in_sentences(app: FastAPI) -> None:
    @app.exception_handler(RequestError)
    async def refused(_: Request, error: RequestError) -> JSONResponse:
        return refusal(error)

    @app.exception_handler(HTTPException)
    async def no_route(request: Request, error: HTTPException) -> JSONResponse:
        hint = "A service has /predict, /invocations, /health, /metrics and /openapi.json."
        told = RequestError(f"{request.method} {request.url.path}: {error.detail}.", hint=hint)
        return JSONResponse(told.document(), error.status_code, headers=error.headers)

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        _LOG.error("%s failed", request.url.path, exc_info=error)
        told = RequestError("The service failed to answer.", hint="Its log says why; the model may be broken.")
        return JSONResponse(told.document(), 500)
