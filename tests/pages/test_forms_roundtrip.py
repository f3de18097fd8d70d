"""Any pydantic model becomes a form, and what the form holds becomes the same model again."""

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Annotated, Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, SecretStr, create_model
from streamlit.testing.v1 import AppTest

from app.forms.field import same

MODELS_AT_ONCE = 8
HOSTILE = [
    "a b", "<b>x</b>", "![i](http://x/y.png)", "$x$ :red[y]", "a.b", "名称", "😀", "class", "__x__", "·", "'\"`\\", "0",
    "\u202eabc", "a~1", "x" * 300, "{name}", "key", "turn",
]  # fmt: skip
SECRET = "hush-hush"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
whole = st.integers(-(2**70), 2**70) | st.integers(-5, 5)
real = st.floats(allow_nan=False, allow_infinity=False)
dates = st.dates().map(dt.date.isoformat)
moments = st.datetimes(timezones=st.none() | st.just(dt.UTC)).map(dt.datetime.isoformat)
times = st.times().map(dt.time.isoformat)


class Tree(BaseModel):
    """It holds itself."""

    name: str = "leaf"
    children: list["Tree"] = []


class Cat(BaseModel):
    """One of two."""

    kind: Literal["cat"] = "cat"
    lives: int = Field(9, ge=1, le=9)


class Dog(BaseModel):
    """The other."""

    kind: Literal["dog"] = "dog"
    name: str | None = None


class Colour(enum.Enum):
    """Words."""

    RED = "red"
    GREEN = "green"


@st.composite
def bounded_whole(draw):
    low, span = draw(st.integers(-50, 50)), draw(st.integers(3, 90))
    names = draw(st.sampled_from([("ge", "le"), ("gt", "lt"), ("ge", "lt")]))
    bounds = dict(zip(names, (low, low + span), strict=True))
    return Annotated[int, Field(**bounds)], st.integers(low + 1, low + span - 1)


@st.composite
def bounded_real(draw):
    low = draw(st.floats(-1e6, 1e6))
    return Annotated[float, Field(gt=low - 1, le=low + 1)], st.floats(low, low + 1)


@st.composite
def choices(draw):
    options = draw(st.lists(texts | st.integers(-9, 9) | st.booleans(), min_size=1, max_size=5, unique_by=repr))
    return Literal[tuple(options)], st.sampled_from(options)


def fixed(annotation, values):
    return st.just((annotation, values))


scalars = st.one_of(
    fixed(str, texts),
    fixed(Annotated[str, Field(min_length=1, max_length=30, pattern="^a")], texts.map(lambda text: f"a{text}")),
    fixed(int, whole),
    fixed(Annotated[int, Field(multiple_of=3)], st.integers(-9, 9).map(lambda number: number * 3)),
    fixed(float, real),
    fixed(bool, st.booleans()),
    fixed(Colour, st.sampled_from(["red", "green"])),
    fixed(dt.date, dates),
    fixed(dt.datetime, moments),
    fixed(dt.time, times),
    fixed(dt.timedelta, st.timedeltas().map(lambda delta: f"PT{abs(delta.days)}S")),
    fixed(uuid.UUID, st.uuids().map(str)),
    fixed(Decimal, st.integers(-9, 9).map(str)),
    fixed(SecretStr, st.integers(0, 99).map(lambda number: f"{SECRET}{number}")),
    bounded_whole(),
    bounded_real(),
    choices(),
)
plain_scalars = st.one_of(fixed(str, texts), fixed(int, whole), fixed(bool, st.booleans()), choices())
animals = st.fixed_dictionaries(
    {"kind": st.just("cat")}, optional={"lives": st.integers(1, 9)}
) | st.fixed_dictionaries({"kind": st.just("dog")}, optional={"name": st.none() | texts})
trees = st.recursive(
    st.fixed_dictionaries({}, optional={"name": texts}),
    lambda inner: st.fixed_dictionaries({"children": st.lists(inner, max_size=2)}),
    max_leaves=3,
)


def lists(part):
    annotation, values = part
    return list[annotation], st.lists(values, max_size=3)


def mappings(part):
    annotation, values = part
    return dict[str, annotation], st.dictionaries(texts, values, max_size=3)


def optional(part):
    annotation, values = part
    return annotation | None, st.none() | values


def pairs(parts):
    (one, first), (other, second) = parts
    return tuple[one, other], st.tuples(first, second).map(list)


shapes = st.one_of(
    scalars,
    scalars.map(optional),
    scalars.map(lists),
    scalars.map(lists).map(optional),
    fixed(set[Colour], st.lists(st.sampled_from(["red", "green"]), unique=True)),
    plain_scalars.map(mappings),
    plain_scalars.map(lists).map(mappings),
    st.tuples(plain_scalars, scalars).map(pairs),
    fixed(Literal[""] | None, st.sampled_from([None, ""])),
    fixed(int | str | None, st.none() | whole | texts),
    fixed(bool | float | str, st.booleans() | real | texts),
    fixed(Cat | Dog, animals),
    fixed(Annotated[Cat | Dog, Field(discriminator="kind")] | None, st.none() | animals),
    fixed(list[Annotated[Cat | Dog, Field(discriminator="kind")]], st.lists(animals, max_size=2)),
    fixed(Literal["cat", "dog"] | Annotated[Cat | Dog, Field(discriminator="kind")], animals | st.just("cat")),
    fixed(Cat, animals.filter(lambda animal: animal["kind"] == "cat")),
    fixed(list[Cat], st.lists(animals.filter(lambda animal: animal["kind"] == "cat"), max_size=2)),
    fixed(dict[str, Cat], st.just({"a": {"lives": 3}, "b": {}})),
    fixed(Tree, trees),
    fixed(dict[str, object], st.dictionaries(texts, st.none() | texts | st.lists(st.integers()), max_size=2)),
    fixed(object, st.none() | texts | st.lists(st.none() | st.booleans())),
)


@st.composite
def models(draw):
    """Return a model and values for it, as a pipeline file would hold them."""
    fields, values = {}, {}
    names = draw(st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=5, unique=True))
    for number, name in enumerate(names):
        annotation, given_values = draw(shapes)
        required = draw(st.booleans())
        asides = {"alias": name, "description": draw(st.sampled_from([None, *HOSTILE]))}
        if draw(st.booleans()):
            asides["title"] = draw(st.sampled_from(HOSTILE))
        if draw(st.booleans()):
            asides["json_schema_extra"] = {"advanced": True, "i18n": {"zh": "说明"}}
        if not required and annotation is not object:
            asides["default"] = draw(given_values) if annotation is not SecretStr else None
        elif not required:
            asides["default_factory"] = list
        if required or draw(st.booleans()):
            values[name] = draw(given_values)
        fields[f"field_{number}"] = (annotation, Field(**asides))
    return create_model("Any", __config__=ConfigDict(extra="forbid"), **fields), values


def drawn(cases, language, results):
    import streamlit as st

    from app.forms import schema_form

    st.session_state["language"] = language
    for number, (schema, values) in enumerate(cases):
        results.append(schema_form(schema, values, key=f"case{number}"))


def sent(app):
    """Return everything that goes to the browser, as one text."""
    found, waiting = [], [app._tree]
    while waiting:
        block = waiting.pop()
        found.append(str(getattr(block, "proto", "")))
        waiting += getattr(block, "children", {}).values()
    return "".join(found)


@settings(
    max_examples=200 // MODELS_AT_ONCE,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(st.lists(models(), min_size=MODELS_AT_ONCE, max_size=MODELS_AT_ONCE), st.sampled_from(["en", "zh"]))
def test_any_model_comes_back_from_its_form(cases, language):
    results = []
    arguments = {"cases": [(model.model_json_schema(), values) for model, values in cases], "language": language}
    app = AppTest.from_function(drawn, default_timeout=60, kwargs={**arguments, "results": results}).run()
    assert not app.exception
    for (model, values), result in zip(cases, results, strict=True):
        assert same(result.values, values)
        assert result.valid, result.faults
        assert model(**result.values) == model(**values)
        assert not result.changed
    assert SECRET not in sent(app)
