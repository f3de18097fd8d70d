"""Every operator and every learner of the catalogue draws its form, in both languages."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from app.forms.field import same
from app.forms.labels import humanised
from app.forms.reading import read_schema
from app.text import plain
from engine.workbench.operators import OperatorDesk
from operators.registry import BUILTIN

DESK = OperatorDesk()
KINDS = list(BUILTIN.operators.values())
COLUMNS = [{"name": "age", "type": "int64"}, {"name": "plan", "type": "string"}]


def drawn(name, cases, results, language, columns):
    import streamlit as st

    from app.forms import operator_form

    st.session_state["language"] = language
    for number, case in enumerate(cases):
        results.append(operator_form(name, case, key=f"f{number}", columns=columns))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.card.name)
def test_an_operator_comes_back_from_its_form(empty, kind, language):
    name, results = kind.card.name, []
    cases = [{}, *(DESK.show(name)["examples"] if language == "en" else [])]
    columns = {port.name: COLUMNS for port in kind.input_ports()} if language == "en" else None
    arguments = {"name": name, "cases": cases, "results": results, "language": language, "columns": columns}
    app = AppTest.from_function(drawn, default_timeout=60, kwargs=arguments).run()
    assert not app.exception
    assert all(same(result.values, case) for result, case in zip(results, cases, strict=True))
    assert all(result.valid for result in results[1:])


def fields(field):
    """Return every field of a form, those inside others too."""
    inner = [*field.fields, *field.variants, *([field.item] if field.item else [])]
    return [field, *(found for one in inner for found in fields(one))]


@pytest.mark.parametrize("kind", [*KINDS, *BUILTIN.learners.values()], ids=lambda kind: kind.__name__)
def test_no_field_of_the_catalogue_needs_a_box_for_json(kind):
    assert [field.name for field in fields(read_schema(kind.model_json_schema())) if field.kind == "json"] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.card.name)
def test_every_field_has_a_label_in_chinese(kind):
    named = [field for field in fields(read_schema(DESK.show(kind.card.name)["schema"])) if field.name.isidentifier()]
    missing = [field.name for field in named if field.kind != "constant" and not _labelled(field)]
    assert missing == [], "give the field hint(label=...), or its name a line in operators/labels.py"


def _labelled(field):
    texts = field.schema.get("i18n", {})
    return texts.get("label", {}).get("zh") or 0 < len(texts.get("zh", "")) <= 8


@pytest.mark.parametrize(("language", "sentence"), [("en", "A join needs a key: on."), ("zh", "连接需要指定键列。")])
def test_what_does_not_go_together_is_said_once_under_its_field(empty, language, sentence):
    results = []
    arguments = {"name": "join_tables", "cases": [{}], "results": results, "language": language, "columns": None}
    app = AppTest.from_function(drawn, default_timeout=60, kwargs=arguments).run()
    assert [(fault.place, fault.sentence) for fault in results[0].faults] == [(("on",), sentence)]
    assert sum(plain(sentence) in element.value for element in app.markdown) == 1


@pytest.mark.parametrize(("name", "words"), [("timeout_s", "Timeout (seconds)"), ("sql_id", "SQL ID"), ("x", "X")])
def test_a_field_without_a_label_is_called_after_its_name(name, words):
    assert humanised(name) == words


def test_schemas_are_json_and_say_every_option_that_is_known():
    shown = json.loads(json.dumps(DESK.show("fill_missing")["schema"]))
    assert shown["properties"]["statistic"]["i18n"]["options"]["mean"] == {"en": "Mean", "zh": "均值"}
