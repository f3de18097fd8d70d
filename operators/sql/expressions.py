"""SQL expressions as narwhals expressions: the same answer, lazily, on Polars, DuckDB and Spark.

The syntax is DuckDB's (`operators.sql.syntax`); the meaning is written here once, so that no engine's dialect
shows through. What SQL engines disagree on is decided so:

- `/` always gives a fraction; a division by zero is null, and so is the root or logarithm of what has none.
- `%` takes the sign of the dividend; `//` cuts towards zero. Whole numbers are computed in int64 (uint64 where all are
  unsigned), and a result that does not fit is an error.
- A cast of a fraction to an integer rounds as DuckDB and PostgreSQL do: halves of a float to the even number, those of
  a decimal (2.5, or n * 0.5 of a whole n) and of a text away from zero. A cast to DECIMAL(18, 2) rounds to 2 digits.
- `round` rounds halves away from zero; `||` with a null is null; `concat` passes over nulls.
- AND, OR and NOT know three values; a filter keeps the rows for which its expression is true.

Only columns, constants and the functions of `operators.sql.functions` can be named, so an expression reaches
no file, no setting and no other row.
"""

import difflib
import functools
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import narwhals as nw

from operators.contract.errors import ExpressionError, MissingColumnError
from operators.contract.tables import (
    INTEGERS,
    NUMERIC,
    LazyTable,
    Schema,
    empty_table,
    schema_of,
    type_name,
)
from operators.sql.arithmetic import WHOLE, Operand, half_away, half_even, is_decimal, to_scale, whole_text, whole_types
from operators.sql.functions import FUNCTIONS, INTERVALS, Arguments, days_between, like_pattern, read_moment
from operators.sql.syntax import Node, parse
from operators.sql.values import constant, literal

Expr = nw.Expr
Join = Callable[[Expr, Expr], Expr]

_COMPARISONS: Final[Mapping[str, Join]] = {
    "COMPARE_EQUAL": operator.eq,
    "COMPARE_NOTEQUAL": operator.ne,
    "COMPARE_LESSTHAN": operator.lt,
    "COMPARE_GREATERTHAN": operator.gt,
    "COMPARE_LESSTHANOREQUALTO": operator.le,
    "COMPARE_GREATERTHANOREQUALTO": operator.ge,
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
_DEEPEST = 120
_DECIMALS = 3  # after the point, of a DECIMAL that says no more
_MOMENTS: Final = frozenset({"date", "datetime"})
# functions that choose one of their arguments, and the position of the first of them
_CHOOSING: Final = {"coalesce": 0, "ifnull": 0, "nullif": 0, "greatest": 0, "least": 0, "if": 1, "iff": 1}
# functions that would cast their arguments, text included, to numbers
_OF_NUMBERS: Final = frozenset(
    {"+", "-", "*", "/", "//", "%", "mod", "divide", "**", "^", "pow", "power", "abs", "sign", "ceil", "ceiling"}
    | {"floor", "round", "sqrt", "exp", "ln", "log", "log10", "log2", "isnan", "isfinite"}
)
_OF_MOMENTS: Final = frozenset({"date_trunc", "datetrunc", "date_diff", "datediff"})
_HINT = "Formulas and filters know arithmetic, CASE, text and date functions; sql_transform knows all of SQL."


CUTTING: Final = 1
"""The meaning that expressions had first: casts cut towards zero, and arithmetic was as wide as its columns."""
ROUNDING: Final = 2


def expression(table: LazyTable, text: str, *, field: str = "expression", meaning: int = ROUNDING) -> Expr:
    """Return the SQL expression `text` over the columns of `table`; nothing is computed.

    Args:
        table: Only its schema and its engine are looked at.
        text: For example `price * 1.2`.
        field: The parameter that errors name.
        meaning: `ROUNDING`, or `CUTTING` for what was stored with version 1 of an operator.

    Raises:
        ExpressionError: A syntax error, or a function or construct that is not allowed here.
        MissingColumnError: It names a column that is not in `table`.
    """
    return _translated(schema_of(table), text, field, meaning, not table.implementation.is_polars())


@functools.lru_cache(maxsize=1024)
def _translated(schema: Schema, text: str, field: str, meaning: int, checked: bool) -> Expr:
    try:
        return _Translation(schema, field, meaning, checked=checked).expr(parse(text, field))
    except ExpressionError as error:
        error.field = field  # functions do not know which parameter they stand in
        raise
    except (nw.exceptions.NarwhalsError, TypeError, ValueError, ArithmeticError) as error:
        raise unusable(text, error) from error


def unusable(text: str, error: Exception) -> ExpressionError:
    """Return that an engine cannot compute an expression, with the reason that it gives."""
    reason = str(error).strip().split("\n")[0].rstrip(".")
    return ExpressionError(
        f"{text!r:.80} cannot be computed: {reason:.200}.",
        hint="Cast one side, as in CAST(age AS DOUBLE), or compare like with like.",
        field="expression",
    )


class _Translation:
    """Turns one tree into one expression; a method for each class of node."""

    def __init__(self, schema: Schema, field: str, meaning: int, *, checked: bool) -> None:
        self._names = {column.name: column for column in schema}
        self._empty = empty_table(schema)
        self._field = field
        self._rounds = meaning >= ROUNDING
        self._checked = checked
        self._depth = 0
        self._found: dict[int, Expr] = {}
        self._types: dict[int, tuple[Expr, str]] = {}
        self._methods: Mapping[str, Callable[[Node], Expr]] = {
            "COLUMN_REF": self._column_ref,
            "CONSTANT": self._constant,
            "COMPARISON": self._comparison,
            "CONJUNCTION": self._conjunction,
            "BETWEEN": self._between,
            "OPERATOR": self._operator,
            "CASE": self._case,
            "CAST": self._cast,
            "FUNCTION": self._function,
        }

    def expr(self, node: Node) -> Expr:
        if id(node) in self._found:  # asked for its type before
            return self._found[id(node)]
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ExpressionError(
                f"The expression is nested more than {_DEEPEST} deep.", hint="Split it over several columns."
            )
        method = self._methods.get(node["class"])
        if method is None:
            raise self._refused(f"{node['class'].lower().replace('_', ' ')} expressions")
        self._found[id(node)] = method(node)
        self._depth -= 1
        return self._found[id(node)]

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
        left, right = self._comparable([node["left"], node["right"]])
        kind = node["type"]
        if kind in _COMPARISONS:
            return _COMPARISONS[kind](left, right)
        if kind not in {"COMPARE_DISTINCT_FROM", "COMPARE_NOT_DISTINCT_FROM"}:
            raise self._refused(kind.lower().replace("_", " "))
        same = (left == right).fill_null(False) | (left.is_null() & right.is_null())
        return same if kind == "COMPARE_NOT_DISTINCT_FROM" else ~same

    def _conjunction(self, node: Node) -> Expr:
        together: Join = operator.and_ if node["type"] == "CONJUNCTION_AND" else operator.or_
        return _balanced([self._condition(child) for child in node["children"]], together)

    def _between(self, node: Node) -> Expr:
        value, lower, upper = self._comparable([node["input"], node["lower"], node["upper"]])
        return (value >= lower) & (value <= upper)

    def _operator(self, node: Node) -> Expr:
        kind, children = node["type"], node["children"]
        if kind in {"COMPARE_IN", "COMPARE_NOT_IN"}:
            found = self._any_of(children[0], children[1:])
            return ~found if kind == "COMPARE_NOT_IN" else found
        if kind == "OPERATOR_NOT":
            return ~self._condition(children[0])
        if kind == "OPERATOR_IS_NULL":
            return self.expr(children[0]).is_null()
        if kind == "OPERATOR_IS_NOT_NULL":
            return ~self.expr(children[0]).is_null()
        if kind == "OPERATOR_COALESCE":
            return nw.coalesce(*self._of_one_kind("COALESCE", children))
        raise self._refused(kind.removeprefix("OPERATOR_").lower().replace("_", " "))

    def _any_of(self, value: Node, options: Sequence[Node]) -> Expr:
        values = [constant(option) if option["class"] == "CONSTANT" else None for option in options]
        if None not in values and len({type(found) for found in values}) == 1:
            return self._comparable([value, options[0]])[0].is_in(values)
        tested, *others = self._comparable([value, *options])
        return _balanced([tested == other for other in others], operator.or_)

    def _case(self, node: Node) -> Expr:
        checks = node["case_checks"]
        if len(checks) > _DEEPEST:
            raise ExpressionError(f"A CASE has more than {_DEEPEST} WHENs.", hint="Join with a table of the cases.")
        whole, *results = self._of_one_kind("CASE", [node["else_expr"], *(check["then_expr"] for check in checks)])
        for check, result in reversed(list(zip(checks, results, strict=True))):
            whole = nw.when(self._condition(check["when_expr"])).then(result).otherwise(whole)
        return whole

    def _comparable(self, nodes: Sequence[Node]) -> list[Expr]:
        """Return expressions that every engine can compare: numbers, moments, or all of one type."""
        found = [self.expr(node) for node in nodes]
        kinds = {self._type(value) for value in found} - {"unknown"}
        if len(kinds) > 1 and not kinds <= NUMERIC and not kinds <= _MOMENTS:
            raise ExpressionError(
                f"{' and '.join(sorted(kinds))} cannot be compared.",
                hint="Cast one side, as in CAST(age AS DOUBLE), or write a date as DATE '2026-11-23'.",
            )
        return found

    def _condition(self, node: Node) -> Expr:
        found = self.expr(node)
        self._require_kind(found, {"boolean"}, "A condition")
        return found

    def _of_one_kind(self, what: str, nodes: Sequence[Node]) -> list[Expr]:
        """Return expressions one of which is chosen row by row: numbers, or all of one type."""
        found = [self.expr(node) for node in nodes]
        kinds = {self._type(value) for value in found} - {"unknown"}
        if len(kinds) > 1 and not kinds <= NUMERIC:
            raise ExpressionError(
                f"{what} would give {' or '.join(sorted(kinds))}.", hint="Cast some, so that all are of one type."
            )
        if self._rounds and "uint64" in kinds and kinds <= INTEGERS and len(kinds) > 1:  # engines make it a float
            common = nw.UInt64() if all(self._operand(node).is_unsigned for node in nodes) else nw.Int64()
            return [value.cast(common) for value in found]
        return found

    def _require_kind(self, value: Expr, kinds: Collection[str], what: str) -> None:
        kind = self._type(value)
        if kind not in kinds and kind != "unknown":
            wanted = {"boolean": "true or false", "date": "a moment"}.get(min(kinds), "a number")
            raise ExpressionError(f"{what} is {kind}, not {wanted}.", hint="Cast it, as in CAST(age AS DOUBLE).")

    def _cast(self, node: Node) -> Expr:
        kind = node["cast_type"]["id"]
        if kind not in _CASTS:
            raise self._refused(f"the type {kind.lower()}")
        if node["try_cast"]:
            raise self._refused("TRY_CAST (use cast_types, which can make bad values null)")
        if node["child"]["class"] == "CONSTANT" and kind in {"BOOLEAN", "DATE", "TIMESTAMP"}:
            return nw.lit(literal(node, kind))
        value, target = self.expr(node["child"]), _CASTS[kind]
        old, new = self._type(value), type_name(target)
        self._require_castable(old, new)
        if old == "string" and new in _MOMENTS:
            return read_moment(value, new)
        if self._rounds and kind == "DECIMAL":
            return to_scale(value, (node["cast_type"].get("type_info") or {}).get("scale", _DECIMALS))
        if self._rounds and old == "string" and new in INTEGERS:
            return whole_text(value, target)
        if new in INTEGERS and old in NUMERIC - INTEGERS:
            value = self._whole(node["child"], value)
        return value.cast(target)

    def _whole(self, node: Node, value: Expr) -> Expr:
        """Return fractions as whole numbers, still floats."""
        if not self._rounds:
            return nw.when(value < 0).then(value.ceil()).otherwise(value.floor())
        decimal = is_decimal(node, lambda part: self._type(self.expr(part)))
        return half_away(value) if decimal else half_even(value)

    def _operand(self, node: Node) -> Operand:
        kind = self._type(self.expr(node))
        negated = node["class"] == "FUNCTION" and node["function_name"] == "-" and len(node["children"]) == 1
        if node["class"] == "CONSTANT" or (negated and node["children"][0]["class"] == "CONSTANT"):
            value = self._raw(node)
            return Operand(kind, value if isinstance(value, int) else None)
        return Operand(kind)

    def _require_castable(self, old: str, new: str) -> None:
        numbers = NUMERIC | {"boolean"}
        if (old in numbers and new in _MOMENTS) or (old in _MOMENTS and new in numbers):
            hint = "Use a function such as year(day) or date_diff('day', a, b)."
            raise ExpressionError(f"{old} cannot be cast to {new}.", hint=hint)
        if old == "string" and new == "boolean":
            raise ExpressionError("string cannot be cast to boolean.", hint="Compare it, as in flag = 'yes'.")

    def _type(self, value: Expr) -> str:
        if id(value) not in self._types:  # kept with the expression, whose id is its own as long as it is there
            self._types[id(value)] = (value, schema_of(self._empty.select(value.alias("value")))[0].type)
        return self._types[id(value)][1]

    def _function(self, node: Node) -> Expr:
        name, children = node["function_name"].lower(), node["children"]
        if node.get("distinct") or node.get("filter") or node["order_bys"]["orders"]:
            raise self._refused("DISTINCT, FILTER or ORDER BY")
        if name == "-" and len(children) == 1 and children[0]["class"] == "CONSTANT":
            return nw.lit(self._raw(node))
        if name in {"+", "-"} and children[-1].get("function_name") in INTERVALS:
            return self._shifted(name, children[0], children[-1])
        if name == "-" and [self._type(self.expr(child)) for child in children] == ["date", "date"]:
            return days_between(self.expr(children[1]), self.expr(children[0]))
        if name in {"~~", "!~~", "~~*", "!~~*"}:
            found = self.expr(children[0]).str.contains(like_pattern(self._text(children[1]), name))
            return ~found if name.startswith("!") else found
        return self._call(name, children)

    def _call(self, name: str, children: Sequence[Node]) -> Expr:
        if name not in FUNCTIONS:
            raise self._unknown_function(name)
        function = FUNCTIONS[name]
        if not function.least <= len(children) <= function.most:
            message = f"{name} takes {function.arity}, not {len(children)} arguments."
            raise ExpressionError(message, hint=f"Write {function.usage}.")
        if name in _CHOOSING:
            chosen = children[_CHOOSING[name] :]
            self._found |= {
                id(node): value for node, value in zip(chosen, self._of_one_kind(name, chosen), strict=True)
            }
        if name in {"if", "iff"}:
            self._condition(children[0])
        for child in children if name in _OF_NUMBERS else ():
            self._require_kind(self.expr(child), NUMERIC, f"An argument of {name}")
        for child in children[1:] if name in _OF_MOMENTS else ():
            self._require_kind(self.expr(child), _MOMENTS, f"An argument of {name}")
        if self._rounds and name in WHOLE and all(self._type(self.expr(child)) in INTEGERS for child in children):
            wide, result = whole_types(name, [self._operand(child) for child in children], checked=self._checked)
            return function.build(Arguments(children, lambda node: self.expr(node).cast(wide), self._raw)).cast(result)
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
        meant = f"Did you mean one of {', '.join(map(repr, near))}? " if near else ""
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


def _balanced(parts: Sequence[Expr], together: Join) -> Expr:
    """Return all parts in one expression that is only as deep as it must be."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return together(_balanced(parts[:middle], together), _balanced(parts[middle:], together))
