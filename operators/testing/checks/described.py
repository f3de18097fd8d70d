"""Every field says what it is."""

from typing import Any, Final

from operators.contract.operator import Example
from operators.testing.checks.running import require

WIDGETS_OF_A_PORT: Final = frozenset({"column", "columns"})


def check_every_field_is_described(example: Example) -> None:
    """Every field has a description in both languages; a column picker names a port that exists."""
    kind = type(example.operator)
    for name, info in kind.model_fields.items():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        texts: Any = extra.get("i18n") or {}
        require(bool(info.description), f"the field {name} has no description")
        require(bool(texts.get("zh")), f"the field {name} has no Chinese description")
        tables = [port.name for port in kind.input_ports() if port.type == "Table" and not port.optional]
        if extra.get("widget") in WIDGETS_OF_A_PORT and len(tables) > 1:
            require(extra.get("port") in tables, f"the column picker of {name} names none of the ports {tables}")
    for model, described in kind.model_json_schema().get("$defs", {}).items():
        for name, field in described.get("properties", {}).items():
            require(bool(field.get("description")), f"the field {name} of {model} has no description")
