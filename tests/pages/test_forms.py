"""What a form does when somebody uses it."""

import datetime as dt
import json
from typing import Literal

import pytest
from pydantic import BaseModel, Field, SecretStr
from streamlit.testing.v1 import AppTest

from app.forms.reading import read_schema
from operators.contract.fields import hint

COLUMNS = {"table": [{"name": "age", "type": "int64"}, {"name": "plan", "type": "string"}]}


class Small(BaseModel):
    size: int = 3
    note: str | None = None


class Linear(BaseModel):
    kind: Literal["linear"] = "linear"
    alpha: float = Field(1.0, gt=0, le=10)


class Sample(BaseModel):
    """One field of each kind."""

    text: str = "a"
    note: str | None = None
    whole: int = Field(5, ge=1, le=9)
    real: float = Field(0.5, ge=0, le=1)
    flag: bool = False
    answer: bool | None = None
    pick: Literal["a", "b"] = "a"
    picks: set[Literal["a", "b"]] = set()
    day: dt.date = dt.date(2026, 1, 2)
    at: dt.time = dt.time(8, 30)
    moment: dt.datetime = dt.datetime.fromisoformat("2026-01-02T08:30")
    secret: SecretStr = SecretStr("")
    words: list[str] = []
    ages: dict[str, int] = {}
    column: str | None = Field(None, json_schema_extra=hint("列", "column"))
    columns: list[str] = Field([], json_schema_extra=hint("列", "columns"))
    types: dict[str, Literal["int64", "string"]] = Field({}, json_schema_extra=hint("类型", "types"))
    code: str = Field("x = 1", json_schema_extra=hint("代码", "code"))
    small: Small = Small()
    maybe: Small | None = None
    smalls: list[Small] = []
    either: int | str = 1
    algorithm: Literal["auto"] | Literal["linear"] | Linear = "linear"
    anything: object = None
    factor: float = Field(2.0, json_schema_extra=hint("倍数", show_if={"pick": ["b"]}))
    rare: int = Field(1, json_schema_extra=hint("少用", advanced=True))


def drawn(schema, values, results, options, language):
    import streamlit as st

    from app.forms import Around, schema_form

    st.session_state["language"] = language
    around = Around(columns=options.get("columns"), ports=("table",), in_form=options.get("in_form", False))

    def draw():
        extra = {key: options[key] for key in ("problems", "examine") if key in options}
        results.append(schema_form(schema, values, key="f", around=around, **extra))

    if around.in_form:
        with st.form("form"):
            draw()
            st.form_submit_button("Save", key="save")
    else:
        draw()


class Screen:
    """A form in AppTest: `values` are what the caller holds, `result` what the form last returned."""

    def __init__(self, model, values=(), language="en", **options):
        self.values, self.results = dict(values), []
        schema = model if isinstance(model, dict) else model.model_json_schema()
        arguments = {"schema": schema, "values": self.values, "results": self.results}
        self.options = {"columns": COLUMNS, **options}
        arguments |= {"options": self.options, "language": language}
        self.app = AppTest.from_function(drawn, default_timeout=30, kwargs=arguments)
        self.run()

    def run(self):
        self.app.run()
        assert not self.app.exception
        return self

    def find(self, name, kind=None):
        """Return the widget of a field: the one whose key is its path."""
        widgets = [widget for part in self.KINDS if kind in (None, part) for widget in self.app.get(part)]
        return next(one for one in widgets if one.key and one.key.rsplit(":", 1)[0] in (f"f.{name}", f"f.{name}~1"))

    KINDS = (
        "text_input", "text_area", "number_input", "checkbox", "toggle", "selectbox", "multiselect", "date_input",
        "time_input", "date_time_input", "button_group", "datetime_input", "segmented_control",
    )  # fmt: skip

    def set(self, name, value):
        self.find(name).set_value(value)
        return self.run()

    def press(self, key):
        self.app.button(key=key).click()
        return self.run()

    @property
    def result(self):
        return self.results[-1]

    def told(self):
        return " ".join(element.value for element in self.app.markdown)


EDITS = [
    ("text", "b", "b"),
    ("note", "", ""),
    ("whole", 7, 7),
    ("real", 0.25, 0.25),
    ("flag", True, True),
    ("pick", "b", "b"),
    ("picks", ["b", "a"], ["b", "a"]),
    ("day", dt.date(2026, 3, 4), "2026-03-04"),
    ("at", dt.time(9, 15), "09:15:00"),
    ("moment", dt.datetime.fromisoformat("2026-03-04T05:06"), "2026-03-04T05:06:00"),
    ("secret", "hush", "hush"),
    ("column", "plan", "plan"),
    ("columns", ["plan", "age"], ["plan", "age"]),
    ("code", "y = 2\n", "y = 2\n"),
    ("anything", "[1, null]", [1, None]),
    ("small.size", 4, {"size": 4, "note": None}),
    ("either.v0", 8, 8),
    ("rare", 2, 2),
]


@pytest.mark.parametrize(("name", "typed", "value"), EDITS, ids=[edit[0] for edit in EDITS])
def test_an_edit_changes_its_value_alone(name, typed, value):
    form = Screen(Sample)
    form.set(name, typed)
    assert form.result.values == {name.partition(".")[0]: value}
    assert form.result.changed
    assert Sample(**form.result.values)


def test_yes_no_and_unanswered_are_three():
    form = Screen(Sample, {"answer": False})
    assert form.result.values == {"answer": False}
    form.set("answer", True)
    assert form.result.values == {"answer": True}
    form.set("answer", None)
    assert form.result.values == {"answer": None}


def test_a_number_is_held_within_its_bounds():
    form = Screen(Sample)
    assert (form.find("whole").min, form.find("whole").max) == (1, 9)
    assert (form.find("real").min, form.find("real").max) == (0, 1)


def test_a_value_beyond_its_bounds_is_shown_with_what_is_wrong():
    form = Screen(Sample, {"whole": 12})
    assert form.find("whole").value == 12
    assert form.result.values == {"whole": 12}
    assert [fault.place for fault in form.result.faults] == [("whole",)]
    assert "at most 9" in form.told()


def test_a_changed_field_goes_back_to_its_default():
    form = Screen(Sample, {"whole": 7})
    form.press("f.whole!reset")
    assert form.result.values == {}
    assert form.find("whole").value == 5
    assert not [button for button in form.app.button if button.key == "f.whole!reset"]


def test_text_that_is_empty_differs_from_text_that_is_not_set():
    form = Screen(Sample)
    assert "note" not in form.result.values
    form.set("note", "")
    assert form.result.values == {"note": ""}
    assert "(empty text)" in [caption.value for caption in form.app.caption]
    form.press("f.note!reset")
    assert form.result.values == {}


def test_rows_are_added_filled_and_taken_away():
    form = Screen(Sample, {"words": ["one"]})
    form.press("f.words!add")
    assert form.result.values == {"words": ["one"]}
    form.set("words.r1.item", "two")
    assert form.result.values == {"words": ["one", "two"]}
    form.press("f.words.r0!remove")
    assert form.result.values == {"words": ["two"]}


def test_entries_of_a_mapping_have_a_name_and_a_value():
    form = Screen(Sample)
    form.press("f.ages!add")
    form.set("ages.r0.key", "Ann")
    form.set("ages.r0.value", 41)
    assert form.result.values == {"ages": {"Ann": 41}}


def test_nested_settings_open_and_close():
    form = Screen(Sample)
    form.press("f.maybe!set")
    assert form.result.values == {"maybe": {}}
    form.press("f.maybe!reset")
    assert form.result.values == {}


def test_a_name_with_settings_stays_a_name_until_one_is_changed():
    form = Screen(Sample)
    assert form.result.values == {}
    form.set("algorithm.v1.alpha", 2.5)
    assert form.result.values == {"algorithm": {"kind": "linear", "alpha": 2.5}}
    assert Sample(**form.result.values).algorithm == Linear(alpha=2.5)


def test_a_union_asks_which_kind_it_is():
    form = Screen(Sample)
    form.set("either.which", 1)
    form.set("either.v1", "many")
    assert form.result.values == {"either": "many"}


def test_a_column_that_is_not_there_is_kept_and_marked():
    form = Screen(Sample, {"column": "gone", "columns": ["age", "lost"]})
    assert form.result.values == {"column": "gone", "columns": ["age", "lost"]}
    assert "gone (not there)" in form.find("column").options
    assert form.find("columns").options == ["age · whole number", "plan · text", "lost (not there)"]


def test_a_secret_never_reaches_the_browser():
    form = Screen(Sample, {"secret": "hush-hush"})
    assert form.result.values == {"secret": "hush-hush"}
    assert form.find("secret").value in (None, "")
    assert "hush" not in str(form.find("secret").proto)


def test_a_field_that_does_not_matter_is_not_drawn():
    form = Screen(Sample)
    with pytest.raises(StopIteration):
        form.find("factor")
    form.set("pick", "b")
    form.set("factor", 3.0)
    assert form.result.values == {"pick": "b", "factor": 3.0}
    form.set("pick", "a")
    assert form.result.values == {}


def test_the_form_follows_the_caller_but_not_its_own_echo():
    form = Screen(Sample, {"text": "first"})
    form.set("text", "second")
    form.values["text"] = "second"
    assert form.run().result.values == {"text": "second"}
    form.values["text"] = "first"
    assert form.run().result.values == {"text": "first"}
    assert form.find("text").value == "first"


def test_a_fault_of_the_model_stands_under_its_field():
    def examine(values):
        return [{"field": "algorithm.linear.alpha", "sentence": "Alpha is odd.", "hint": "Take two."}]

    form = Screen(Sample, {"algorithm": {"kind": "linear", "alpha": 1.5}}, examine=examine)
    assert form.result.faults[0].place == ("algorithm", "alpha")
    assert "Alpha is odd" in form.told()


def test_a_fault_that_two_found_is_shown_once():
    def examine(values):
        return [{"field": "", "sentence": "parameters: odd.", "sentences": {"en": "Odd together."}}]

    form = Screen(Sample, examine=examine, problems=[{"field": "", "sentence": "parameters: odd.", "hint": "Mend it."}])
    assert [fault.sentence for fault in form.result.faults] == ["Odd together."]


def test_a_warning_stops_nobody():
    form = Screen(Sample, problems=[{"field": "", "sentence": "Careful.", "severity": "warning"}])
    assert form.result.valid
    assert "Careful" in form.told()


def test_a_form_takes_what_is_submitted():
    form = Screen(Sample, {"words": ["one"]}, in_form=True)
    form.find("whole").set_value(8)
    form.press("f.words!add")
    assert form.result.values == {"words": ["one"], "whole": 8}
    form.press("f.whole!reset")
    assert form.result.values == {"words": ["one"]}


def test_json_that_cannot_be_read_is_said_and_stays_where_it_was_typed():
    form = Screen(Sample, {"anything": [1]})
    form.set("anything", "[1,")
    assert form.result.values == {"anything": [1]}
    assert form.result.faults[0].place == ("anything",)
    assert form.run().find("anything").value == "[1,"


ODD = [
    {},
    {"type": "object"},
    {"$ref": "#/$defs/gone"},
    {"not": {}},
    {"type": "object", "properties": {"a": True}},
    {"type": "array"},
]
ODD += [
    {"type": "object", "properties": {"a": odd}}
    for odd in ({"$ref": "http://x/y"}, {"type": "odd"}, {"allOf": [{}, {}]}, {"enum": []}, {"anyOf": []}, [])
]


@pytest.mark.parametrize("schema", ODD, ids=json.dumps)
def test_what_is_not_understood_becomes_a_box_for_json(schema):
    form = Screen(schema, {"a": {"deep": [1]}, "b": None})
    assert form.result.values == {"a": {"deep": [1]}, "b": None}


WRONG = [True, 3, 2**80, 1e400, "x", "\ud800", "a" * 10_000, [], [None], {}, {"a": {"b": [1]}}, [["x"]], {"": 1}]


@pytest.mark.parametrize("value", WRONG, ids=lambda value: repr(value)[:20])
def test_a_value_of_the_wrong_kind_is_shown_and_kept(value):
    names = [name for name in Sample.model_fields if name != "anything"]
    form = Screen(Sample, dict.fromkeys(names, value))
    assert {name: form.result.values.get(name) for name in names} == dict.fromkeys(names, value)


def test_labels_and_words_are_in_the_language_of_the_session():
    schema = {
        "type": "object",
        "properties": {
            "n_x": {"type": "integer", "default": 1, "title": "N X", "i18n": {"zh": "学习率"}},
            "timeout_s": {"type": "integer"},
        },
    }
    assert [Screen(schema).find(name).label for name in ("n_x", "timeout_s")] == ["N x", "Timeout \\(seconds\\)"]
    assert Screen(schema, language="zh").find("n_x").label == "学习率"


def test_a_model_that_holds_itself_ends():
    schema = {
        "$defs": {"T": {"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#/$defs/T"}}}}},
        "$ref": "#/$defs/T",
    }
    assert read_schema(schema).fields[0].kind == "json"


def test_a_row_of_a_service_is_a_form_too():
    fields = [
        {"name": "age", "type": "int64", "examples": [41], "top": []},
        {"name": "plan <b>", "type": "string", "examples": ["pro"], "top": ["pro", "free"]},
        {"name": "fee", "type": "float64", "examples": [9.5], "top": []},
        {"name": "active", "type": "boolean", "examples": [True], "top": [True]},
        {"name": "since", "type": "date", "examples": ["2026-01-02"], "top": []},
        {"name": "note", "type": "string", "examples": [], "top": []},
    ]
    results = []
    app = AppTest.from_function(row_drawn, kwargs={"fields": fields, "results": results}).run()
    assert not app.exception
    assert results[-1] == {
        "age": 41, "plan <b>": "pro", "fee": 9.5, "active": True, "since": "2026-01-02", "note": None
    }  # fmt: skip
    app.number_input[0].set_value(None)
    app.button(key="ask").click().run()
    assert results[-1]["age"] is None


def row_drawn(fields, results):
    import streamlit as st

    from app.forms import row_form

    with st.form("try"):
        results.append(row_form(fields, "churn"))
        st.form_submit_button("Ask", key="ask")
