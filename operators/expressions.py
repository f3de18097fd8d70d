"""SQL expressions as narwhals expressions: the same answer, lazily, on Polars, DuckDB and Spark.

The syntax is DuckDB's (`operators.sql_syntax`); the meaning is written here once, so that no engine's dialect
shows through. What SQL engines disagree on is decided so:

- `/` always gives a fraction; a division by zero is null, and so is the root or logarithm of what has none.
- `%` takes the sign of the dividend; `//` and casts of fractions to integers cut towards zero.
- `round` rounds halves away from zero; `||` with a null is null; `concat` passes over nulls.
- AND, OR and NOT know three values; a filter keeps the rows for which its expression is true.

Only columns, constants and the functions of `operators.sql_functions` can be named, so an expression reaches
no file, no setting and no other row.
"""

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import narwhals as nw

from operators.base import TableOperator
from operators.errors import ExpressionError, MissingColumnError
from operators.sql_functions import FUNCTIONS, INTERVALS, Arguments, like_pattern
from operators.sql_syntax import Node, parse
from operators.tables import INTEGERS, NUMERIC, LazyTable, Schema, empty_table, schema_of, type_name

Expr = nw.Expr

_COMPARISONS: Final[Mapping[str, Callable[[Expr, Expr], Expr]]] = {
    "COMPARE_EQUAL": lambda left, right: left == right,
    "COMPARE_NOTEQUAL": lambda left, right: left != right,
    "COMPARE_LESSTHAN": lambda left, right: left < right,
    "COMPARE_GREATERTHAN": lambda left, right: left > right,
    "COMPARE_LESSTHANOREQUALTO": lambda left, right: left <= right,
    "COMPARE_GREATERTHANOREQUALTO": lambda left, right: left >= right,
}
_CASTS: Final[Mapping[str, Any]] = {
    "BOOLEAN": nw.Boolean(),
    "TINYINT": nw.Int8(),
    "SMALLINT": nw.Int16(),
    "INTEGER": nw.Int32(),
    "BIGINT": nw.Int64(),
    "FLOAT": nw.Float32(),
    "DOUBLE": nw.Float64(),
    "DECIMAL": nw.Float64(),
    "VARCHAR": nw.String(),
    "DATE": nw.Date(),
    "TIMESTAMP": nw.Datetime("us"),
}
_HINT = "Formulas and filters know arithmetic, CASE, text and date functions; sql_transform knows all of SQL."


def expression(table: LazyTable, text: str, *, field: str = "expression") -> Expr:
    """Return the SQL expression `text` over the columns of `table`; nothing is computed.

    Raises:
        ExpressionError: A syntax error, or a function or construct that is not allowed here.
        MissingColumnError: It names a column that is not in `table`.
    """
    try:
        return _Translation(schema_of(table), field).expr(parse(text, field))
    except ExpressionError as error:
        error.field = field  # functions do not know which parameter they stand in
        raise


def check_types(operator: TableOperator, inputs: Mapping[str, Schema | None], text: str) -> None:
    """Compute `operator` on tables without rows, so that types that do not go together show before the run.

    Does nothing where a schema is not known.

    Raises:
        OperatorError: The expression `text` names what is not there, or the engine refuses its types.
    """
    from polars.exceptions import PolarsError

    known = {port: empty_table(schema) for port, schema in inputs.items() if schema is not None}
    if len(known) < len(inputs):
        return
    table = operator.transform(**known)
    try:
        table.collect()
    except (PolarsError, nw.exceptions.NarwhalsError, TypeError, ValueError) as error:
        raise _unusable(text, error) from error


def _unusable(text: str, error: Exception) -> ExpressionError:
    reason = str(error).strip().split("\n")[0].rstrip(".")
    return ExpressionError(
        f"{text!r:.80} cannot be computed: {reason:.200}.",
        hint="Cast one side, as in CAST(age AS DOUBLE), or compare like with like.",
        field="expression",
    )


class _Translation:
    """Turns one tree into one expression; a method for each class of node."""

    def __init__(self, schema: Schema, field: str) -> None:
        self._names = {column.name: column for column in schema}
        self._schema = schema
        self._field = field

    def expr(self, node: Node) -> Expr:
        method = getattr(self, f"_{node['class'].lower()}", None)
        if method is None:
            raise self._refused(f"{node['class'].lower().replace('_', ' ')} expressions")
        found: Expr = method(node)
        return found

    def _refused(self, what: str) -> ExpressionError:
        return ExpressionError(f"An expression cannot use {what}.", hint=_HINT, field=self._field)

    def _column_ref(self, node: Node) -> Expr:
        name = node["column_names"][-1]
        if name in self._names:
            return nw.col(name)
        alike = [known for known in self._names if known.casefold() == name.casefold()]
        if len(alike) == 1:
            return nw.col(alike[0])
        raise MissingColumnError.among(name, self._names, field=self._field)

    def _constant(self, node: Node) -> Expr:
        value = constant(node)
        return nw.lit(value) if value is not None else nw.lit(None)

    def _comparison(self, node: Node) -> Expr:
        left, right = self.expr(node["left"]), self.expr(node["right"])
        kind = node["type"]
        if kind in _COMPARISONS:
            return _COMPARISONS[kind](left, right)
        if kind not in {"COMPARE_DISTINCT_FROM", "COMPARE_NOT_DISTINCT_FROM"}:
            raise self._refused(kind.lower().replace("_", " "))
        same = (left == right).fill_null(False) | (left.is_null() & right.is_null())
        return same if kind == "COMPARE_NOT_DISTINCT_FROM" else ~same

    def _conjunction(self, node: Node) -> Expr:
        parts = [self.expr(child) for child in node["children"]]
        whole = parts[0]
        for part in parts[1:]:
            whole = whole & part if node["type"] == "CONJUNCTION_AND" else whole | part
        return whole

    def _between(self, node: Node) -> Expr:
        value = self.expr(node["input"])
        return (value >= self.expr(node["lower"])) & (value <= self.expr(node["upper"]))

    def _operator(self, node: Node) -> Expr:
        kind, children = node["type"], node["children"]
        if kind in {"COMPARE_IN", "COMPARE_NOT_IN"}:
            found = self._any_of(children[0], children[1:])
            return ~found if kind == "COMPARE_NOT_IN" else found
        if kind == "OPERATOR_NOT":
            return ~self.expr(children[0])
        if kind == "OPERATOR_IS_NULL":
            return self.expr(children[0]).is_null()
        if kind == "OPERATOR_IS_NOT_NULL":
            return ~self.expr(children[0]).is_null()
        if kind == "OPERATOR_COALESCE":
            return nw.coalesce(*(self.expr(child) for child in children))
        raise self._refused(kind.removeprefix("OPERATOR_").lower().replace("_", " "))

    def _any_of(self, value: Node, options: Sequence[Node]) -> Expr:
        tested = self.expr(value)
        if all(option["class"] == "CONSTANT" and not option["value"]["is_null"] for option in options):
            return tested.is_in([constant(option) for option in options])
        whole = tested == self.expr(options[0])
        for option in options[1:]:
            whole = whole | (tested == self.expr(option))
        return whole

    def _case(self, node: Node) -> Expr:
        whole = self.expr(node["else_expr"])
        for check in reversed(node["case_checks"]):
            whole = nw.when(self.expr(check["when_expr"])).then(self.expr(check["then_expr"])).otherwise(whole)
        return whole

    def _cast(self, node: Node) -> Expr:
        kind = node["cast_type"]["id"]
        if kind not in _CASTS:
            raise self._refused(f"the type {kind.lower()}")
        if node["try_cast"]:
            raise self._refused("TRY_CAST (use cast_types, which can make bad values null)")
        if node["child"]["class"] == "CONSTANT" and kind in {"BOOLEAN", "DATE", "TIMESTAMP"}:
            return nw.lit(_literal(node, kind, self._field))
        value, target = self.expr(node["child"]), _CASTS[kind]
        old = self._type(value)
        if old == "string" and kind == "DATE":
            return value.str.to_date("%Y-%m-%d")
        if old == "string" and kind == "TIMESTAMP":
            spaced = value.str.replace_all("T", " ", literal=True)
            midnight = nw.concat_str([value, nw.lit(" 00:00:00")])
            moment = nw.when(value.str.contains("^.{10}$")).then(midnight).otherwise(spaced)
            return moment.str.to_datetime("%Y-%m-%d %H:%M:%S")
        if type_name(target) in INTEGERS and old in NUMERIC - INTEGERS:
            value = nw.when(value < 0).then(value.ceil()).otherwise(value.floor())
        return value.cast(target)

    def _type(self, value: Expr) -> str:
        return schema_of(empty_table(self._schema).select(value.alias("value")))[0].type

    def _function(self, node: Node) -> Expr:
        name, children = node["function_name"].lower(), node["children"]
        if name == "-" and len(children) == 1 and children[0]["class"] == "CONSTANT":
            return nw.lit(self._raw(node))
        if node.get("distinct") or node.get("filter") or node["order_bys"]["orders"]:
            raise self._refused("DISTINCT, FILTER or ORDER BY")
        if name in {"+", "-"} and children[-1].get("function_name") in INTERVALS:
            return self._shifted(name, children[0], children[-1])
        if name in {"~~", "!~~", "~~*", "!~~*"}:
            found = self.expr(children[0]).str.contains(like_pattern(self._text(children[1]), name))
            return ~found if name.startswith("!") else found
        if name not in FUNCTIONS:
            raise self._unknown_function(name)
        function = FUNCTIONS[name]
        if not function.least <= len(children) <= function.most:
            raise ExpressionError(
                f"{name} takes {function.arity}, not {len(children)} arguments.",
                hint=f"Write {function.usage}.",
                field=self._field,
            )
        return function.build(Arguments(children, self.expr, self._raw))

    def _shifted(self, sign: str, moment: Node, interval: Node) -> Expr:
        number = interval["children"][0]
        while number["class"] != "CONSTANT" and (number.get("child") or number.get("children")):
            number = number.get("child") or number["children"][0]
        unit = INTERVALS[interval["function_name"]]
        step, value = f"{'-' if sign == '-' else ''}{int(self._raw(number))}{unit}", self.expr(moment)
        if self._type(value) == "date":
            later = value.cast(nw.Datetime("us")).dt.offset_by(step)
            return later.cast(nw.Date()) if unit in {"d", "mo", "y"} else later
        return value.dt.offset_by(step)

    def _unknown_function(self, name: str) -> ExpressionError:
        near = difflib.get_close_matches(name, [known for known in FUNCTIONS if known.isidentifier()])
        meant = f"Did you mean one of {near}? " if near else ""
        return ExpressionError(f"No function {name!r} in expressions.", hint=f"{meant}{_HINT}", field=self._field)

    def _text(self, node: Node) -> str:
        value = self._raw(node)
        if not isinstance(value, str):
            raise ExpressionError(f"LIKE takes a text in quotes, not {value!r}.", field=self._field)
        return value

    def _raw(self, node: Node) -> Any:
        """Return the value of a node that must be a constant."""
        if node["class"] == "FUNCTION" and node["function_name"] == "-" and len(node["children"]) == 1:
            return -self._raw(node["children"][0])
        if node["class"] != "CONSTANT":
            raise ExpressionError(
                "A pattern, position or number of digits must be a constant.",
                hint="Write it out, as in round(x, 2); sql_transform takes any expression.",
                field=self._field,
            )
        return constant(node)


def constant(node: Node) -> Any:
    """Return the Python value of a CONSTANT node; a decimal becomes a float."""
    held = node["value"]
    if held["is_null"]:
        return None
    kind, value = held["type"]["id"], held["value"]
    if kind == "DECIMAL":
        scale = held["type"]["type_info"]["scale"]
        return float(f"{_integer(value)}e-{scale}")
    if kind in {"HUGEINT", "UHUGEINT"}:
        return float(_integer(value))
    return value


def _integer(value: Any) -> int:
    if isinstance(value, Mapping):
        return (int(value["upper"]) << 64) + int(value["lower"])
    return int(value)


def _literal(node: Node, kind: str, field: str) -> Any:
    import datetime

    value = constant(node["child"])
    if kind == "BOOLEAN" and value in {"t", "f"}:
        return value == "t"
    try:
        if kind == "DATE":
            return datetime.date.fromisoformat(value)
        if kind == "TIMESTAMP":
            return datetime.datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ExpressionError(
            f"{value!r} is not a {kind.lower()}.", hint="Write DATE '2026-11-23'.", field=field
        ) from error
    raise ExpressionError(f"{value!r} is not a {kind.lower()}.", hint="Write TRUE or FALSE.", field=field)
