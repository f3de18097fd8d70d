"""What a form needs to know about a field besides its type, as data on the field."""

from collections.abc import Mapping
from typing import Any, Literal

Widget = Literal[
    "column", "columns", "dataset", "model", "model_version", "file", "code", "expression", "query", "types", "names"
]


def hint(
    zh: str,
    widget: Widget | None = None,
    *,
    port: str = "",
    label: tuple[str, str] | None = None,
    advanced: bool = False,
    show_if: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the `json_schema_extra` of a field.

    Args:
        zh: The field's description in Chinese.
        widget: How a form asks for it; by its type when None.
        port: The input port whose columns a column picker offers, where there are several.
        label: What a form calls it, in English and Chinese; `operators.labels` or its name say it when None.
        advanced: Few need it, so a form folds it away.
        show_if: The values (or lists of values) of other fields for which this one matters; always when None.
    """
    extra: dict[str, Any] = {"i18n": {"zh": zh}}
    if label is not None:
        extra["i18n"]["label"] = {"en": label[0], "zh": label[1]}
    if advanced:
        extra["advanced"] = True
    if show_if:
        extra["show_if"] = dict(show_if)
    if widget is not None:
        extra["widget"] = widget
    if port:
        extra["port"] = port
    return extra
