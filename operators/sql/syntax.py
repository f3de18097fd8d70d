"""SQL expressions as syntax trees: DuckDB's parser reads them, nothing is executed.

The parser takes the whole of DuckDB's grammar, so quoting, precedence and casts are those that people
know; what an expression may then do is decided by `operators.sql.expressions`, which knows a list of functions
and refuses the rest. No text of a user ever reaches an engine as SQL from here.
"""

import functools
import json
from typing import Any

from operators.contract.errors import ExpressionError
from operators.contract.tables import Schema

Node = dict[str, Any]

_PREFIX = "SELECT ("
_QUOTING = 'Text stands in single quotes, a column with spaces in double quotes: "net price" > 3.'


@functools.lru_cache(maxsize=1024)
def parse(text: str, field: str = "expression") -> Node:
    """Return the tree of one SQL expression; it must not be changed.

    Args:
        text: For example `price * 1.2` or `CASE WHEN age >= 18 THEN 'adult' ELSE 'child' END`.
        field: The parameter that errors name.

    Raises:
        ExpressionError: Not exactly one expression, or a syntax error; the message says where.
    """
    if not text.strip():
        raise ExpressionError("The expression is empty.", hint="Write one, such as price * 2.", field=field)
    if "\0" in text or (not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text)):
        raise ExpressionError("The expression holds a character that is no text.", hint="Remove it.", field=field)
    answer = json.loads(_serialized(f"{_PREFIX}{text}\n)"))
    if answer["error"]:
        raise _syntax_error(text, answer, field)
    statements = answer["statements"]
    if len(statements) != 1 or not _is_one_expression(statements[0]["node"]):
        raise ExpressionError(
            f"{text!r:.80} is not one SQL expression.", hint="Write no SELECT, FROM or WHERE.", field=field
        )
    tree: Node = statements[0]["node"]["select_list"][0]
    return tree


def columns_named(schema: Schema, text: str) -> frozenset[str] | None:
    """Return the columns that an expression may mean, whatever their case; None where it is no expression."""
    try:
        named = _references(text)
    except ExpressionError:
        return None
    return frozenset(column.name for column in schema if column.name.casefold() in named)


@functools.lru_cache(maxsize=1024)
def _references(text: str) -> frozenset[str]:
    """Return the names in an expression that are columns, casefolded."""
    found: set[str] = set()
    parts: list[Any] = [parse(text)]
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            if part.get("class") == "COLUMN_REF":
                found.add(part["column_names"][-1].casefold())
            parts.extend(part.values())
        elif isinstance(part, list):
            parts.extend(part)
    return frozenset(found)


def _serialized(query: str) -> str:
    literal = query.replace("'", "''")  # a bound parameter would make DuckDB import pandas: 75 MB and its time
    row = _parser().execute(f"SELECT json_serialize_sql('{literal}')").fetchone()
    return str(row[0])


def _parser() -> Any:
    return _connection().cursor()  # a cursor of its own for each thread


@functools.cache
def _connection() -> Any:
    import duckdb

    connection = duckdb.connect(":memory:")
    for setting in (
        "enable_external_access = false",
        "python_enable_replacements = false",
        "threads = 1",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")
    return connection


def _is_one_expression(node: Node) -> bool:
    parts = ("where_clause", "having", "sample", "qualify")
    return (
        node.get("type") == "SELECT_NODE"
        and len(node["select_list"]) == 1
        and not node["select_list"][0].get("alias")
        and node["from_table"]["type"] == "EMPTY"
        and not node["modifiers"]
        and not node["group_expressions"]
        and not any(node[part] for part in parts)
    )


def _syntax_error(text: str, answer: Node, field: str) -> ExpressionError:
    position = int(answer.get("position") or 0) - len(_PREFIX)
    where = f" at character {position + 1}" if 0 <= position < len(text) else ""
    message = str(answer["error_message"]).strip().rstrip(".!").split("\n")[0]
    return ExpressionError(f"{text!r:.80} is not a SQL expression{where}: {message}.", hint=_QUOTING, field=field)
