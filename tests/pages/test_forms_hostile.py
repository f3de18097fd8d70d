"""A schema that means harm is shown bounded, as text, or not at all: nothing of it holds a page."""

import time

import pytest

from app.forms.faults import check
from app.forms.limits import DRAWN
from app.forms.reading import read_schema
from app.text import plain
from tests.pages.test_forms import Screen

BOUND = 10.0  # seconds on busy cores; at rest each takes about one, and what has no bound takes minutes


def of(**properties):
    return {"type": "object", "properties": properties}


def nested(depth, outer, inner):
    for _ in range(depth):
        inner = outer(inner)
    return inner


def doubled(count):
    """Definitions of which each refers to the next ten times."""
    inside = {f"d{n}": of(**{f"p{k}": {"$ref": f"#/$defs/d{n + 1}"} for k in range(10)}) for n in range(count)}
    return {"$defs": {**inside, f"d{count}": {"type": "integer"}}, **of(a={"$ref": "#/$defs/d0"})}


HOSTILE = {
    "itself": {"$defs": {"T": of(t={"$ref": "#/$defs/T"})}, **of(a={"$ref": "#/$defs/T"})},
    "a circle": {
        "$defs": {"T": {"$ref": "#/$defs/U"}, "U": {"$ref": "#/$defs/T"}}, **of(a={"$ref": "#/$defs/T"})
    },
    "doubled": doubled(30),
    "doubled with a secret": {**doubled(30), "writeOnly": False, "else": {"format": "password"}},
    "a chain": {
        "$defs": {**{f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(20_000)}, "d20000": {"type": "integer"}},
        **of(a={"$ref": "#/$defs/d0"}),
    },
    "deep": of(a=nested(5_000, lambda inner: of(a=inner), {"type": "integer"})),
    "deep lists": of(a=nested(5_000, lambda inner: {"type": "array", "items": inner}, {"type": "integer"})),
    "deep unions": of(a=nested(60, lambda inner: {"anyOf": [inner, {"type": "integer"}]}, {"type": "string"})),
    "deep allOf": of(a=nested(5_000, lambda inner: {"allOf": [inner]}, {"type": "integer"})),
    "many fields": of(**{f"f{n}": {"type": "integer", "default": n} for n in range(10_000)}),
    "many required": {
        **of(**{f"f{n}": {"type": "string"} for n in range(10_000)}), "required": [f"f{n}" for n in range(10_000)]
    },
    "many nested": of(**{f"f{n}": of(**{f"g{k}": {"type": "integer"} for k in range(50)}) for n in range(200)}),
    "many options": of(a={"enum": [f"o{n}" for n in range(100_000)]}),
    "many like options": of(a={"enum": [[1], *([2] for n in range(100_000))]}),
    "many kinds": of(a={"anyOf": [{"type": "integer", "minimum": n} for n in range(10_000)]}),
    "many places": of(
        a={"type": "array", "prefixItems": [{"type": "integer"}] * 5_000, "minItems": 5_000, "maxItems": 5_000}
    ),
    "a long default": of(a={"type": "string", "default": "x" * 10_000_000}),
    "a long list": of(a={"type": "array", "items": {"type": "integer"}, "default": list(range(1_000_000))}),
    "a deep default": of(a={"default": nested(50_000, lambda inner: [inner], 1)}),
    "long words": of(
        **{"n" * 1_000_000: {"type": "integer", "title": "t" * 10_000_000, "description": "d" * 10_000_000}}
    ),
    "another machine": of(a={"$ref": "http://127.0.0.1:9/schema.json"}, b={"$ref": "file:///etc/passwd"}),
    "no schema": {
        "type": ["object", {}], "properties": {"a": 1, "b": {"type": {}}, "c": {"allOf": [1]}}, "required": 5
    },
    "no bounds": of(
        a={"type": "integer", "minimum": float("nan"), "maximum": float("inf"), "multipleOf": -1},
        b={"type": "number", "minimum": 9, "maximum": 1, "default": 5},
        c={"type": "integer", "minimum": 10**400, "default": 10**30},
        d={"type": "string", "minLength": -1, "maxLength": "x", "pattern": "(", "enum": 7, "examples": {}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("schema", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_schema_is_drawn_within_bounds(schema):
    begun = time.perf_counter()
    form = Screen(schema, {"kept": [1]})
    assert time.perf_counter() - begun < BOUND
    assert form.result.values["kept"] == [1]
    widgets = [widget for kind in Screen.KINDS for widget in form.app.get(kind)]
    assert len(widgets) <= DRAWN + 1


def table(rows, wide):
    return [[str(n) for n in range(wide)] for _ in range(rows)]


LISTS = of(a={"type": "array", "items": {"type": "array", "items": {"type": "string"}}})
TEXT = of(a={"type": "string", "default": ""}, b={"type": "string", "default": ""})
VALUES = {
    "lists in lists": (LISTS, {"a": table(199, 199)}),
    "a long text": (TEXT, {"a": "x" * 10_000_000, "b": "y"}),
    "a large tree": (TEXT, {"a": {str(n): [n] * 100 for n in range(10_000)}, "b": "y"}),
}


@pytest.mark.parametrize(("schema", "values"), VALUES.values(), ids=VALUES)
def test_a_hostile_value_is_kept_within_bounds(schema, values):
    begun = time.perf_counter()
    form = Screen(schema, values)
    assert time.perf_counter() - begun < BOUND
    assert form.result.values == values
    assert len([widget for kind in Screen.KINDS for widget in form.app.get(kind)]) <= 2 * DRAWN


def test_fields_beyond_the_widgets_are_kept_and_changed_in_one_box():
    form = Screen(of(**{f"f{n}": {"type": "integer", "default": 0} for n in range(500)}), {"f1": 1, "f450": 2})
    assert form.result.values == {"f1": 1, "f450": 2}
    assert form.app.text_area[0].label == f"{500 - DRAWN + 1} more fields, as JSON"  # the form itself counts as one
    form.app.text_area[0].set_value('{"f499": 3}')
    assert form.run().result.values == {"f1": 1, "f499": 3}
    form.app.text_area[0].set_value("[]")
    assert not form.run().result.valid


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "(a|a)*b", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?:a{1,999}){1,999}"]
)
def test_a_pattern_that_backtracks_is_answered_at_once(pattern):
    field = read_schema(of(a={"type": "string", "pattern": pattern}))
    begun = time.perf_counter()
    check(field, {"a": "a" * 5_000 + "!"})
    assert time.perf_counter() - begun < BOUND


def test_a_pattern_means_what_it_means_to_the_model():
    field = read_schema(of(a={"type": "string", "pattern": "b+$"}))
    assert [bool(check(field, {"a": text})) for text in ("abb", "ab!", "")] == [False, True, True]


@pytest.mark.parametrize("words", ["<script>x</script>", "**b** [l](http://x)", ":red[x] $y$ ![p](http://x/y.png)"])
def test_words_of_a_schema_are_text(words):
    options = {"enum": [words, "b"], "title": words, "description": words}
    form = Screen(of(a=options, b={"type": "boolean", "title": words, "default": True}, **{words: {"type": "integer"}}))
    told = [one.label for kind in ("selectbox", "toggle", "number_input") for one in form.app.get(kind)]
    assert len(told) == 3
    assert all(plain(words) in label for label in told[:2])
    assert plain(words) in form.app.selectbox[0].help
    assert not any("<script" in one.value for one in form.app.markdown)
