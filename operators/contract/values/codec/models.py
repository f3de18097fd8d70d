"""A model as bytes, and back."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from operators.alone import alone
from operators.contract.errors import OperatorError, StoredModelError
from operators.contract.step import Applicable, Step
from operators.contract.tables import Column, collected, lazy
from operators.contract.values.codec.container import Container, is_container
from operators.contract.values.codec.formats import FORMATS, PICKLE
from operators.contract.values.codec.libraries import require
from operators.contract.values.codec.plain import FORMS, UnknownFormError, says_itself
from operators.contract.values.model import Model
from operators.contract.values.origin import Origin
from operators.contract.values.pickles import unpickled

FORMAT = 1
Build = Callable[[Mapping[str, Any]], Applicable]
_PLAIN = ("task", "target", "algorithm", "target_type")
_WRITTEN = ("features", "classes", "estimator")
_WAYS = {form.name: form for form in (*FORMS, *FORMATS, PICKLE)}


def encoded(model: Model) -> bytes:
    """Return a model as bytes, the same for the same model.

    Raises:
        StoredModelError: Something in it cannot be kept.
    """
    container = Container()
    document = {
        "format": FORMAT,
        **{name: getattr(model, name) for name in _PLAIN},
        **{name: _written(getattr(model, name), container) for name in _WRITTEN},
        "pending": [_step_written(step, container) for step in model.pending],
    }
    if model.origin is not None:
        columns = [[column.name, column.type] for column in model.origin.columns]
        document["origin"] = {"columns": columns, "required": list(model.origin.required)}
    return container.written({**document, "libraries": dict(sorted(container.libraries.items()))})


def decoded(payload: bytes, build: Build, what: str = "The model") -> Model:
    """Return the model that bytes hold, in this format or as a pickle of before 2026-11-29.

    Args:
        payload: Bytes whose signature was verified.
        build: Makes an operator of what `as_document` said of it.
        what: Names the model in the errors.

    Raises:
        StoredModelError: They cannot be read here; it says why.
    """
    model = _read(payload, build, what) if is_container(payload) else unpickled(payload, what)
    if not isinstance(model, Model):
        raise StoredModelError(f"{what} holds no model.", hint="Train it again, or register it again.")
    return model


def _read(payload: bytes, build: Build, what: str) -> Model:
    try:
        container, document = Container.read(payload)
        _require_format(document["format"], what)
        require(document["libraries"], what)
        return Model(
            **{name: document[name] for name in _PLAIN},
            **alone(lambda: {name: _value(document[name], container) for name in _WRITTEN}),
            pending=tuple(_step(said, container, build) for said in document["pending"]),
            origin=_origin(document.get("origin")),
        )
    except OperatorError:
        raise
    except UnknownFormError as error:
        raise StoredModelError(
            f"{what} is kept in a way that this workbench does not know, {error.args[0]!r}.",
            hint="Use the workbench that stored it, or train it again.",
        ) from error
    except Exception as error:  # whatever libraries raise over what an other version of them wrote
        first = str(error).strip().partition("\n")[0] or type(error).__name__
        raise StoredModelError(
            f"{what} cannot be read: {first:.200}", hint="Train it again, or use the workbench that stored it."
        ) from error


def _origin(said: Mapping[str, Any] | None) -> Origin | None:
    if said is None:
        return None
    return Origin(tuple(Column(name, kind) for name, kind in said["columns"]), tuple(said["required"]))


def _require_format(found: Any, what: str) -> None:
    if found != FORMAT:
        raise StoredModelError(
            f"{what} has format {found}, and this workbench reads {FORMAT}.",
            hint="Use the workbench that stored it, or train it again.",
        )


def _written(value: Any, container: Container) -> Any:
    if says_itself(value):
        return value
    form = next((form for form in (*FORMATS, *FORMS) if form.fits(value)), PICKLE)
    return {form.name: form.write(value, container, lambda inside: _written(inside, container))}


def _value(said: Any, container: Container) -> Any:
    if not isinstance(said, dict):
        return said
    ((name, content),) = said.items()
    if name not in _WAYS:
        raise UnknownFormError(name)
    return _WAYS[name].read(content, container, lambda inside: _value(inside, container))


def _step_written(step: Step, container: Container) -> dict[str, Any]:
    return {
        "node": step.node,
        "operator": step.operator.as_document(resolved=True),
        "values": _written(None if step.values is None else dict(step.values), container),
        "beside": {port: container.add(_parquet(table), "parquet") for port, table in step.beside.items()},
    }


def _step(said: Mapping[str, Any], container: Container, build: Build) -> Step:
    tables = {port: pl.read_parquet(io.BytesIO(container.parts[part])) for port, part in said["beside"].items()}
    return Step(
        node=said["node"],
        operator=build(said["operator"]),
        values=alone(lambda: _value(said["values"], container)),
        beside={port: lazy(table) for port, table in tables.items()},
    )


def _parquet(table: Any) -> bytes:
    buffer = io.BytesIO()
    collected(table).write_parquet(buffer)
    return buffer.getvalue()
