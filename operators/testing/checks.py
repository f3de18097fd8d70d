"""The published check suite: what every operator promises, each as a function of one example.

A check returns nothing, or raises `CheckFailedError` with a sentence. `results_of` runs them all for a plug-in;
the project's own tests run `CHECKS` over every example in the registry.
"""

import copy
import datetime
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw
import polars as pl
from polars.testing import assert_frame_equal
from pydantic import BaseModel

from operators.categories import CATEGORIES
from operators.contract.card import ALL_ENGINES, Engine
from operators.contract.conversion import as_engine
from operators.contract.errors import OperatorError
from operators.contract.fitted import FittedOperator
from operators.contract.operator import Example, Operator
from operators.contract.table_operator import TableOperator
from operators.contract.tables import LazyTable, Schema, collected, lazy, schema_of
from operators.contract.values.model import Model
from operators.contract.values.state import State
from operators.prepare.apply_state import ApplyState
from operators.testing.local import LocalContext

__all__ = ["CHECKS", "CheckFailedError", "CheckResult", "LocalContext", "check_spark_agrees", "results_of"]

ONLINE: Final = frozenset({"row", "fitted", "skip", "refuse"})
WIDGETS_OF_A_PORT: Final = frozenset({"column", "columns"})

PEOPLE: Final = pl.DataFrame({"name": ["Ann", "Bo", None], "age": [30, None, 50]})
"""What `read_dataset`, `read_csv` and `read_parquet` find in the context of the checks."""


class CheckFailedError(AssertionError):
    """An operator does not keep a promise."""


@dataclass(frozen=True)
class CheckResult:
    """What one check said of one operator; `message` is empty where it passed."""

    name: str
    passed: bool
    message: str = ""


def results_of(kind: type[Operator]) -> list[CheckResult]:
    """Return one result for each check, over all examples of an operator."""
    return [_result(check, kind) for check in CHECKS]


def _result(check: "Check", kind: type[Operator]) -> CheckResult:
    try:
        for example in kind.examples():
            check(example)
    except Exception as error:  # noqa: BLE001 - user code is under test: whatever it raises is the finding
        return CheckResult(check.__name__, False, f"{type(error).__name__}: {error}"[:1000])
    return CheckResult(check.__name__, passed=True)


def check_round_trip(example: Example) -> None:
    """The parameters survive JSON, whole and as a pipeline file holds them."""
    operator = example.operator
    kind = type(operator)
    whole = kind.model_validate_json(operator.model_dump_json())
    written = kind(**json.loads(json.dumps(operator.as_document()["with"])))
    _require(whole == operator, f"{operator!r} becomes {whole!r} through JSON")
    _require(written == operator, f"{operator!r} becomes {written!r} through a pipeline file")


def check_every_field_is_described(example: Example) -> None:
    """Every field has a description in both languages; a column picker names a port that exists."""
    kind = type(example.operator)
    for name, info in kind.model_fields.items():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        texts: Any = extra.get("i18n") or {}
        _require(bool(info.description), f"the field {name} has no description")
        _require(bool(texts.get("zh")), f"the field {name} has no Chinese description")
        tables = [port.name for port in kind.input_ports() if port.type == "Table" and not port.optional]
        if extra.get("widget") in WIDGETS_OF_A_PORT and len(tables) > 1:
            _require(extra.get("port") in tables, f"the column picker of {name} names none of the ports {tables}")
    for model, described in kind.model_json_schema().get("$defs", {}).items():
        for name, field in described.get("properties", {}).items():
            _require(bool(field.get("description")), f"the field {name} of {model} has no description")


def check_card(example: Example) -> None:
    """The card is complete, and the class says what it does."""
    kind = type(example.operator)
    card = kind.card
    _require(bool(re.fullmatch(r"[a-z][a-z0-9_]*", card.name)), f"{card.name!r} is not a registry name")
    _require(bool(card.title.get("en")) and bool(card.title.get("zh")), "the title lacks English or Chinese")
    _require(card.category in CATEGORIES, f"{card.category!r} is not a category")
    _require(card.online in ONLINE and example.operator.online() in ONLINE, f"{card.online!r} is not an online mode")
    _require(card.version >= 1, "versions count from 1")
    _require(bool(card.engines) and set(card.engines) <= set(ALL_ENGINES), f"engines are {card.engines}")
    _require(bool(kind.__doc__) and kind.__doc__ != Operator.__doc__, "the class has no docstring")
    _require(bool(kind.output_ports()), "nothing comes out")
    given, ports = set(example.inputs), {port.name: port for port in kind.input_ports()}
    _require(given <= set(ports), f"the example connects {sorted(given - set(ports))}, which are no ports")
    missing = [name for name, port in ports.items() if not port.optional and name not in given]
    _require(not missing, f"the example leaves {missing} open")


def check_roles(example: Example) -> None:
    """One table that goes in is the main one, the others say what they are for; several that come out differ in it."""
    kind = type(example.operator)
    main = [port.name for port in kind.input_ports() if port.role in ("rows", "train")]
    _require(len(main) <= 1, f"{main} are all rows: annotate those beside the main ones with their role")
    roles = [port.role for port in kind.output_ports() if port.has_rows]
    _require(len(set(roles)) == len(roles), f"the tables that come out have the roles {roles}: say which side is which")


def check_pure(example: Example) -> None:
    """Running twice gives the same, and leaves the inputs alone."""
    before = copy.deepcopy({port: value for port, value in example.inputs.items() if not isinstance(value, Model)})
    first, second = _outputs(example), _outputs(example)
    for port, value in first.items():
        _require_same(value, second[port], f"two runs differ at {port}")
    for port, value in before.items():
        _require_same(value, example.inputs[port], f"the input {port} was changed")


def check_schema_promise(example: Example) -> None:
    """What `infer` says before the run, where it says anything, is what comes out."""
    schemas = _schemas(example.inputs)
    promised = example.operator.infer(schemas, _source_schemas(example.operator, PEOPLE))
    ports = {port.name for port in example.operator.output_ports()}
    _require(set(promised) == ports, f"infer answers for {sorted(promised)}, not for {sorted(ports)}")
    for port, value in _outputs(example).items():
        if promised[port] is not None:
            found = schema_of(lazy(value))
            _require(promised[port] == found, f"{port} was promised as {promised[port]} and is {found}")


def check_online_equals_batch(example: Example) -> None:
    """Row by row, as at a service, gives what the whole table gives."""
    operator = example.operator
    if operator.online() not in {"row", "fitted"}:
        return
    if isinstance(operator, ApplyState):  # its path runs through the operator behind the state
        return
    _require(isinstance(operator, TableOperator | FittedOperator), "only table and fitted operators answer rows")
    ports = {port.role: port.name for port in operator.input_ports() if port.role in ("rows", "train")}
    (main,) = ports.values()
    rows = example.inputs[main]
    beside = {port: lazy(given) for port, given in example.inputs.items() if port != main}
    values = operator.fit(lazy(rows)) if isinstance(operator, FittedOperator) else None
    values = None if values is None else json.loads(json.dumps(values))
    batch = collected(operator.apply_step(lazy(rows), values, beside))
    _require(batch.height == rows.height, f"{rows.height} rows became {batch.height}")
    answers = [collected(operator.apply_step(lazy(rows[number]), values, beside)) for number in range(rows.height)]
    _require_same(batch, pl.concat(answers) if answers else batch, "row by row differs from the table")


def check_fitted_keeps_rows(example: Example) -> None:
    """A fitted operator gives as many rows as it takes, in their order."""
    operator = example.operator
    if not isinstance(operator, FittedOperator):
        return
    rows = example.inputs["train"]
    days = [datetime.date(2000, 1, 1) + datetime.timedelta(days=number) for number in range(rows.height)]
    marked = rows.with_columns(pl.Series("day of the row", days[::-1], dtype=pl.Date))
    table = _outputs(Example(operator, {"train": marked}))["table"]
    _require_same(table["day of the row"].to_frame(), marked["day of the row"].to_frame(), "rows moved or went")


def check_state_is_json(example: Example) -> None:
    """What is learnt is JSON without NaN, and works as well after a trip through it."""
    operator = example.operator
    if not isinstance(operator, FittedOperator):
        return
    outputs = _outputs(example)
    state: State = outputs["state"]
    try:
        text = json.dumps(state.model_dump(mode="json"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise CheckFailedError(f"The state is no JSON: {error}.") from error
    again, rows = State.model_validate_json(text), example.inputs["train"]
    applied = _outputs(Example(ApplyState(), {"table": rows, "state": again}))["table"]
    _require_same(applied, collected(operator.apply(state.values, lazy(rows))), "the state lost something")
    if type(operator).apply_to_training is FittedOperator.apply_to_training:
        _require_same(applied, outputs["table"], "training rows differ from others without saying so")
    else:
        _require(applied.schema == outputs["table"].schema, "training rows have other columns than the rest")


def check_duckdb_agrees(example: Example) -> None:
    """DuckDB gives the rows that Polars gives, where the card says it can."""
    _require_engine_agrees(example, "duckdb")


def check_spark_agrees(example: Example) -> None:
    """Spark gives the rows that Polars gives, where the card says it can; not in `CHECKS`, as it needs a session."""
    _require_engine_agrees(example, "spark")


def _require_engine_agrees(example: Example, engine: Engine) -> None:
    if engine not in example.operator.card.engines:
        return
    other = _outputs(example, engine)
    for port, value in _outputs(example).items():
        mine, theirs = (_answers(each, example) for each in (value, other[port]))
        _require_same(_sorted(mine), _sorted(theirs), f"{engine} differs from polars at {port}")


def _answers(value: Any, example: Example) -> Any:
    """Return what a model says of the rows it learnt from; any other value as it is."""
    rows = next((given for given in example.inputs.values() if isinstance(given, pl.DataFrame)), None)
    return value.predict_rows(rows) if isinstance(value, Model) and rows is not None else value


def check_degenerate_tables(example: Example) -> None:
    """Tables that are empty, tiny, null, constant, oddly or doubly named give a result or one clear sentence."""
    tables = {port: value for port, value in example.inputs.items() if isinstance(value, pl.DataFrame)}
    for kind, change in DEGENERATE.items():
        inputs = {**example.inputs, **{port: change(table) for port, table in tables.items()}}
        source = change(PEOPLE)
        with _result_or_sentence(f"a table that is {kind}"):
            example.operator.infer(_schemas(inputs), _source_schemas(example.operator, source))
            _outputs(Example(example.operator, inputs), source=source)
    if tables and "duckdb" in example.operator.card.engines:
        doubled = {port: _doubled(table) for port, table in tables.items()}
        with _result_or_sentence("a table with a doubled name"), LocalContext() as context:
            for value in example.operator.invoke({**example.inputs, **doubled}, context).values():
                _computed(value)


@contextmanager
def _result_or_sentence(given: str) -> Iterator[None]:
    try:
        yield
    except OperatorError as error:
        told = str(error)
        is_sentence = bool(told.strip()) and "\n" not in told and told[-1] in ".!?" and "Traceback" not in told
        _require(is_sentence, f"{given} gives {told!r}, which is no sentence")
    except Exception as error:
        raise CheckFailedError(f"{given.capitalize()} gives {type(error).__name__}: {error}") from error


def _doubled(table: pl.DataFrame) -> LazyTable:
    """Return `table` on DuckDB with its first column twice, under one name."""
    import duckdb

    relation = duckdb.connect(":default:").from_arrow(table.to_arrow())
    return nw.from_native(relation.project(f'*, "{table.columns[0]}" AS "{table.columns[0]}"'))


def _nulls(table: pl.DataFrame) -> pl.DataFrame:
    return (
        table.select(pl.lit(None, dtype=kind).alias(name) for name, kind in table.schema.items())
        .head(0)
        .vstack(pl.DataFrame({name: pl.Series([None] * 3, dtype=kind) for name, kind in table.schema.items()}))
    )


def _constant(table: pl.DataFrame) -> pl.DataFrame:
    return table.head(1).select(pl.all().first().repeat_by(4).explode()) if table.height else table


def _odd_names(table: pl.DataFrame) -> pl.DataFrame:
    odd = ["名 称", "Größe", "😀", 'say "hi"', "back`tick", "it's", "select", "a.b", "table", " ", "__proto__", "ROW"]
    return table.with_columns(pl.lit(position).alias(name) for position, name in enumerate(odd))


DEGENERATE: Final[Mapping[str, Callable[[pl.DataFrame], pl.DataFrame]]] = {
    "without rows": lambda table: table.clear(),
    "without rows and types": lambda table: table.clear().cast(pl.String),
    "without columns": lambda _: pl.DataFrame(),
    "one row": lambda table: table.head(1),
    "all null": _nulls,
    "null without a type": lambda table: pl.DataFrame({name: [None, None] for name in table.columns}),
    "constant": _constant,
    "oddly named": _odd_names,
}
"""Ways to spoil a table; only DuckDB's may have two columns of one name, and that is tried beside these."""

Check = Callable[[Example], None]

CHECKS: Final[tuple[Check, ...]] = (
    check_round_trip,
    check_every_field_is_described,
    check_card,
    check_roles,
    check_pure,
    check_schema_promise,
    check_online_equals_batch,
    check_fitted_keeps_rows,
    check_state_is_json,
    check_duckdb_agrees,
    check_degenerate_tables,
)


def _outputs(example: Example, engine: Engine = "polars", source: pl.DataFrame = PEOPLE) -> dict[str, Any]:
    """Run an example and return its outputs by port, tables computed."""
    inputs = {
        port: as_engine(value, engine) if isinstance(value, pl.DataFrame) else value
        for port, value in example.inputs.items()
    }
    named = {reference.ref: source for reference in example.operator.sources()}
    with LocalContext(named, named, engine=engine) as context:
        outputs = example.operator.invoke(inputs, context)
        return {port: _computed(value) for port, value in outputs.items()}


def _computed(value: Any) -> Any:
    return collected(value) if isinstance(value, nw.LazyFrame) else value


def _schemas(inputs: Mapping[str, Any]) -> dict[str, Schema | None]:
    return {port: schema_of(lazy(value)) for port, value in inputs.items() if isinstance(value, pl.DataFrame)}


def _source_schemas(operator: Operator, source: pl.DataFrame) -> dict[str, Schema]:
    return {reference.ref: schema_of(lazy(source)) for reference in operator.sources()}


def _sorted(value: Any) -> Any:
    """Return a table with its rows in an order that every engine agrees on."""
    if not isinstance(value, pl.DataFrame) or not value.width:
        return value
    return value.sort(pl.all().cast(pl.String, strict=False), nulls_last=True, maintain_order=True)


def _require(condition: bool, promise: str) -> None:
    if not condition:
        raise CheckFailedError(f"{promise[0].upper()}{promise[1:]}.")


def _require_same(value: Any, other: Any, promise: str) -> None:
    if isinstance(value, pl.DataFrame):
        try:
            assert_frame_equal(value, other)
        except AssertionError as error:
            raise CheckFailedError(f"{promise[0].upper()}{promise[1:]}: {error}") from error
    elif not isinstance(value, Model):  # an estimator has no equality; `predict` shows what it does
        _require(_alike(_plain(value), _plain(other)), f"{promise}: {value} and {other}")


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _alike(value: Any, other: Any) -> bool:
    """Return whether two JSON values are equal, floats up to rounding."""
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        return value.keys() == other.keys() and all(_alike(value[key], other[key]) for key in value)
    if isinstance(value, Sequence) and not isinstance(value, str) and isinstance(other, Sequence):
        return len(value) == len(other) and all(map(_alike, value, other))
    if isinstance(value, float) and isinstance(other, float):
        return math.isclose(value, other, rel_tol=1e-6, abs_tol=1e-9) or (math.isnan(value) and math.isnan(other))
    return bool(value == other)
