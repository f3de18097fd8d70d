"""What a form needs to know about a field besides its type, as data on the field."""

from typing import Any, Literal

Widget = Literal["column", "columns", "dataset", "file", "code", "expression", "query", "types", "names"]


def hint(zh: str, widget: Widget | None = None, *, port: str = "") -> dict[str, Any]:
    """Return the `json_schema_extra` of a field.

    Args:
        zh: The field's description in Chinese.
        widget: How a form asks for it; by its type when None.
        port: The input port whose columns a column picker offers, where there are several.
    """
    extra: dict[str, Any] = {"i18n": {"zh": zh}}
    if widget is not None:
        extra["widget"] = widget
    if port:
        extra["port"] = port
    return extra
