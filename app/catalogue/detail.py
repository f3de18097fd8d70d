"""One operator on a screen: what it does, its ports and parameters, and a form that writes its node."""

from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from app.catalogue.use import draw_use
from app.catalogue.wording import engines_of, help_of, online_of, ports_of
from app.choices import page_link
from app.errors import shown
from app.forms import operator_form
from app.forms.field import Field, Missing
from app.forms.labels import help_of as help_of_field
from app.forms.labels import label_of, value_label
from app.forms.reading import read_schema
from app.pickers import pick
from app.previews import draw_table, table_of
from app.session import workbench
from app.text import plain, t
from app.titles import category_title, title_of

Operator = Mapping[str, Any]

_FORMATS = {"yaml": "YAML", "json": "JSON", "python": "Python"}


def draw_operator(operator: Operator) -> None:
    """Draw an operator: left what there is to know, right a form to try and what it writes."""
    page_link("operators", t("operators.back"), icon="arrow_back")
    st.header(plain(title_of(operator)))
    left, right = st.columns([1, 1], gap="large")
    with left:
        _draw_facts(operator)
    with right:
        st.markdown(f"**{t('operators.try')}**")
        values = _draw_form(operator)
    _draw_node(operator, values)
    _draw_parameters(operator)


def _draw_facts(operator: Operator) -> None:
    st.markdown(help_of(operator))
    category = category_title(operator["category"])
    facts = (
        f"`{operator['name']}` · {t('operators.version', version=operator['version'])} · {category}",
        f"**{t('operators.takes')}** {ports_of(operator['inputs'])}",
        f"**{t('operators.gives')}** {ports_of(operator['outputs'])}",
        f"**{t('operators.at_a_service')}** {online_of(operator)}",
        f"**{t('operators.engines')}** {engines_of(operator)}",
    )
    st.markdown("  \n".join(facts))


def _draw_form(operator: Operator) -> dict[str, Any]:
    name, examples = operator["name"], operator["examples"]
    start: Mapping[str, Any] = {}
    if any(examples):
        chosen = pick(
            t("operators.example"),
            {number: value_label(one) if one else t("operators.defaults") for number, one in enumerate(examples)},
            f"operators.example.{name}",
            first=None,
            placeholder=t("operators.no_example"),
        )
        start = {} if chosen is None else examples[chosen]
    if not operator["schema"].get("properties"):
        st.caption(t("operators.no_parameters"))
        return {}
    with st.container(border=True):
        return operator_form(name, start, key=f"operators.{name}").values


def _draw_node(operator: Operator, values: dict[str, Any]) -> None:
    st.markdown(f"**{t('operators.node')}**")
    writing, using = st.columns([3, 2], gap="large")
    with writing:
        written = t("operators.format")
        chosen = pick(written, _FORMATS, "operators.format", kind="segments", label_visibility="collapsed")
        with shown(stop=False):
            text = workbench().operators.written(operator["name"], values)[str(chosen)]
            st.code(text, language=str(chosen), wrap_lines=True)
    with using:
        draw_use(operator["name"], values)


def _draw_parameters(operator: Operator) -> None:
    fields = list(_every(read_schema(operator["schema"])))
    if not fields:
        return
    st.markdown(f"**{t('operators.parameters')}**")
    keys = ("parameter", "field", "type", "default", "description")
    rows = [[label_of(one), path, _type(one), _default(one), _described(one)] for path, one in fields]
    draw_table(table_of([t(f"operators.{key}") for key in keys], rows), f"{operator['name']}_parameters")


def _every(record: Field, above: str = "") -> Iterator[tuple[str, Field]]:
    """Yield each field with its path in a file: also those of the items of a list and of settings."""
    for field in record.fields:
        if field.kind == "constant":
            continue
        path = f"{above}{field.name}"
        yield path, field
        if field.kind == "record":
            yield from _every(field, f"{path}.")
        elif field.item is not None and field.item.kind == "record":
            yield from _every(field.item, f"{path}[].")


def _type(field: Field) -> str:
    kind = t(f"forms.kind_{_PLAIN.get(field.kind, field.kind)}")
    options = " | ".join(str(option) for option in field.options)
    numbers = {key: field.schema[key] for key, _ in _BOUNDS if isinstance(field.schema.get(key), int | float)}
    bounds = [f"{sign} {numbers[key]:,}" for key, sign in _BOUNDS if key in numbers]
    return f"{kind} ({', '.join([options, *bounds] if options else bounds)})" if options or bounds else kind


def _default(field: Field) -> str:
    if isinstance(field.default, Missing):
        return t("operators.needed") if field.required else ""
    return value_label(field.default)


def _described(field: Field) -> str:
    return (help_of_field(field) or "").replace("\\", "")


_BOUNDS = (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"))
_PLAIN = {
    **dict.fromkeys(("code", "expression", "query", "file", "secret", "dataset", "model"), "text"),
    "columns": "column",
    **dict.fromkeys(("choices", "tuple"), "list"),
    **dict.fromkeys(("types", "names"), "mapping"),
    **dict.fromkeys(("named", "constant"), "choice"),
}
