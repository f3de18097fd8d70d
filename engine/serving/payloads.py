"""The bodies a service takes, turned into rows.

`/predict` takes `{"rows": [{…}]}`, a bare list of objects, or one object. `/invocations` takes
MLflow's conventions: `dataframe_records`, `dataframe_split`, `inputs` and `instances`.
"""

import codecs
from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import from_json

from engine.serving.errors import RequestError
from engine.serving.rows import UNPROCESSABLE
from engine.serving.values import shown

_CONVENTIONS = "dataframe_records, dataframe_split, inputs or instances"


def parse(body: bytes) -> Any:
    """Return a body as JSON; NaN, Infinity and very deep nesting are refused, a byte-order mark is left out.

    Raises:
        RequestError: It is no JSON.
    """
    try:
        return from_json(body.removeprefix(codecs.BOM_UTF8), allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:
        raise RequestError(f"The body is not JSON: {error}.", hint='Send {"rows": [{…}]} as JSON.') from None


def plain_rows(document: Any) -> list[Any]:
    """Return the rows of a body of `/predict`.

    Raises:
        RequestError: It has another shape.
    """
    if isinstance(document, dict) and set(document) == {"rows"}:
        document = document["rows"]
        if not isinstance(document, list):
            raise RequestError(
                f"'rows' is {shown(document)}, not a list.",
                hint='Send {"rows": [{…}]}.',
                status=UNPROCESSABLE,
                field="rows",
            )
    if isinstance(document, dict):
        return [document]
    if isinstance(document, list):
        return document
    raise RequestError(f"The body is {shown(document)}, not rows.", hint='Send {"rows": [{…}]}.', status=UNPROCESSABLE)


def invocation_rows(document: Any) -> list[Any]:
    """Return the rows of a body of `/invocations`.

    Raises:
        RequestError: It follows none of MLflow's conventions.
    """
    found = [name for name in _READERS if isinstance(document, dict) and name in document]
    if len(found) != 1:
        raise RequestError(
            f"The body must have exactly one of {_CONVENTIONS}.",
            hint='Send {"dataframe_records": [{…}]}.',
            status=UNPROCESSABLE,
        )
    return _READERS[found[0]](document[found[0]])


def _records(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _shape("dataframe_records", value, "a list of objects")
    return value


def _split(value: Any) -> list[Any]:
    columns, data = (value.get("columns"), value.get("data")) if isinstance(value, dict) else (None, None)
    if not isinstance(columns, list) or not isinstance(data, list):
        raise _shape("dataframe_split", value, "an object with 'columns' and 'data'")
    if not all(isinstance(name, str) for name in columns) or len(set(columns)) != len(columns):
        raise _shape("dataframe_split", columns, "columns that are distinct names")
    rows = []
    for number, values in enumerate(data):
        if not isinstance(values, list) or len(values) != len(columns):
            raise RequestError(
                f"Row {number} is {shown(values)}, and there are {len(columns)} columns.",
                hint="Give each row of 'data' as a list with one value per column.",
                status=UNPROCESSABLE,
                field="data",
                row=number,
            )
        rows.append(dict(zip(columns, values, strict=True)))
    return rows


def _tensors(value: Any) -> list[Any]:
    """Read `inputs` or `instances`: a list of rows, or an object of columns."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or not all(isinstance(column, list) for column in value.values()):
        raise _shape("inputs", value, "a list of objects, or an object of lists")
    if len({len(column) for column in value.values()}) > 1:
        raise _shape("inputs", value, "an object of lists of one length")
    return [dict(zip(value, values, strict=True)) for values in zip(*value.values(), strict=True)]


def _shape(name: str, value: Any, expected: str) -> RequestError:
    return RequestError(
        f"{name!r} is {shown(value)}, not {expected}.",
        hint="See MLflow's documentation of /invocations.",
        status=UNPROCESSABLE,
        field=name,
    )


_READERS: Mapping[str, Callable[[Any], list[Any]]] = {
    "dataframe_records": _records,
    "dataframe_split": _split,
    "inputs": _tensors,
    "instances": _tensors,
}
