"""Values as JSON, exactly: what JSON cannot say stands under the name of its kind, as in `{"tuple": [1, 2]}`.

Only the very types of this table are written so; a value of a subclass, and anything else, is no business of this
module.
"""

import datetime as dt
import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from operators.contract.values.codec.container import Container
from operators.contract.values.stored import PLACES, class_at, name_of

Write = Callable[[Any], Any]
SIMPLE = frozenset({type(None), bool, int, str})


class UnknownFormError(Exception):
    """A kind, a class or a format whose name is in no table of this workbench."""


@dataclass(frozen=True)
class Form:
    """How values of one type are written and read.

    Args:
        name: Of the kind, in files.
        fits: Whether a value is written so.
        write: A value as JSON; it may put parts into the container, and is given how to write what is inside.
        read: The value again.
    """

    name: str
    fits: Callable[[Any], bool]
    write: Callable[[Any, Container, Write], Any]
    read: Callable[[Any, Container, Write], Any]


def _of(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: type(value) in kinds


def array_bytes(values: Any) -> bytes:
    """Return an array in NumPy's own format, without pickles."""
    buffer = io.BytesIO()
    np.save(buffer, values, allow_pickle=False)
    return buffer.getvalue()


def array_of(payload: bytes) -> Any:
    """Return the array that `array_bytes` wrote."""
    return np.load(io.BytesIO(payload), allow_pickle=False)


def _is_array(value: Any) -> bool:
    return type(value) is np.ndarray and not value.dtype.hasobject


def _moment(value: dt.datetime) -> Any:
    zone = value.tzinfo
    return [value.replace(tzinfo=None).isoformat(), getattr(zone, "key", None), value.fold]


def _read_moment(said: Any) -> dt.datetime:
    text, zone, fold = said
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone) if zone else None, fold=fold)


def _is_moment(value: Any) -> bool:
    return type(value) is dt.datetime and (value.tzinfo is None or bool(getattr(value.tzinfo, "key", None)))


def _duration(value: dt.timedelta) -> list[int]:
    return [value.days, value.seconds, value.microseconds]


def _ours(value: Any, write: Write) -> dict[str, Any]:
    return {
        "name": name_of(type(value)),
        "fields": {field.name: write(getattr(value, field.name)) for field in fields(value)},
    }


def _read_ours(said: Mapping[str, Any], read: Write) -> Any:
    if said["name"] not in PLACES:
        raise UnknownFormError(said["name"])
    return class_at(said["name"])(**{name: read(value) for name, value in said["fields"].items()})


FORMS: tuple[Form, ...] = (
    Form(
        "tuple",
        _of(tuple),
        lambda value, _, write: [write(one) for one in value],
        lambda said, _, read: tuple(read(one) for one in said),
    ),
    Form(
        "list",
        _of(list),
        lambda value, _, write: [write(one) for one in value],
        lambda said, _, read: [read(one) for one in said],
    ),
    Form(
        "map",
        _of(dict),
        lambda value, _, write: [[write(key), write(one)] for key, one in value.items()],
        lambda said, _, read: {read(key): read(one) for key, one in said},
    ),
    Form("float", _of(float), lambda value, *_: repr(value), lambda said, *_: float(said)),
    Form("date", _of(dt.date), lambda value, *_: value.isoformat(), lambda said, *_: dt.date.fromisoformat(said)),
    Form("datetime", _is_moment, lambda value, *_: _moment(value), lambda said, *_: _read_moment(said)),
    Form(
        "time",
        lambda value: type(value) is dt.time and value.tzinfo is None,
        lambda value, *_: [value.replace(fold=0).isoformat(), value.fold],
        lambda said, *_: dt.time.fromisoformat(said[0]).replace(fold=said[1]),
    ),
    Form("duration", _of(dt.timedelta), lambda value, *_: _duration(value), lambda said, *_: dt.timedelta(*said)),
    Form("bytes", _of(bytes), lambda value, *_: value.hex(), lambda said, *_: bytes.fromhex(said)),
    Form("enum", _of(pl.Enum), lambda value, *_: value.categories.to_list(), lambda said, *_: pl.Enum(said)),
    Form(
        "array",
        _is_array,
        lambda value, parts, _: parts.add(array_bytes(value), "npy"),
        lambda said, parts, _: array_of(parts.parts[said]),
    ),
    Form(
        "number",
        lambda value: isinstance(value, np.generic) and not value.dtype.hasobject,
        lambda value, parts, _: parts.add(array_bytes(value), "npy"),
        lambda said, parts, _: array_of(parts.parts[said])[()],
    ),
    Form(
        "ours",
        lambda value: name_of(type(value)) is not None,
        lambda value, _, write: _ours(value, write),
        lambda said, _, read: _read_ours(said, read),
    ),
)


def says_itself(value: Any) -> bool:
    """True for what JSON says as it is, and reads back as the same value of the same type."""
    return type(value) in SIMPLE or (type(value) is float and math.isfinite(value))
