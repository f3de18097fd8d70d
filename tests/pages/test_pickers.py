"""What is chosen is an identity: labels that change, or are gone, never choose something else or become a value."""

import ast
import time

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from app.session import is_sent, workbench
from tests.pages.conftest import ROOT, work
from tests.pages.stale import labels_of, resent
from tests.pages.test_forms import Sample, Screen

IS_SENT = is_sent  # before the tests take everything as sent
PICKERS = {"selectbox", "multiselect", "radio", "segmented_control", "pills", "select_slider", "menu_button"}


def screen(said, kind):
    import streamlit as st

    from app.pickers import pick, pick_several

    labels = {name: f"{name} · {st.query_params.get('count')}" for name in st.query_params.get("names", "abc")}
    if kind == "several":
        said.append(pick_several("Which", labels, "which", first=["b"]))
    else:
        said.append(pick("Which", labels, "which", kind=kind))


@pytest.fixture(params=["list", "radio", "segments", "several"])
def picker(request):
    """A picker of each kind whose labels count: what it says at each run, and the page."""
    said = []
    app = AppTest.from_function(screen, kwargs={"said": said, "kind": request.param})
    app.query_params["count"] = "1"
    app.run()
    return said, app


def drawn(app):
    return next(
        iter(found for kind in ("selectbox", "multiselect", "radio", "button_group") for found in app.get(kind))
    )


def choose(app, name):
    widget = drawn(app)
    widget.set_value([name] if widget.type == "multiselect" else name)
    app.run()


def told(said):
    return said[-1][0] if isinstance(said[-1], list) else said[-1]


def test_a_label_that_the_browser_still_holds_means_what_it_meant(picker):
    said, app = picker
    choose(app, "b")
    held = labels_of(app)
    for count in "234":
        app.query_params["count"] = count
        app.run()
        resent(app, held)
        assert told(said) == "b"


def test_a_click_on_an_older_picture_chooses_what_was_clicked(picker):
    said, app = picker
    choose(app, "c")
    held = labels_of(app)
    app.query_params.update(count="2", names="cab")
    choose(app, "a")
    app.run()
    segments = drawn(app).type == "button_group"
    resent(app, held)
    assert told(said) == ("a" if segments else "c")  # Streamlit leaves segments as they are, then


def test_the_browser_is_told_the_label_of_now(picker):
    _, app = picker
    choose(app, "b")
    app.query_params["count"] = "2"
    app.run()
    proto = drawn(app).proto
    assert proto.set_value
    assert "b · 2" in str(proto)


def test_what_is_gone_falls_back_to_something_that_is_there(picker):
    said, app = picker
    choose(app, "b")
    app.query_params["names"] = "ac"
    app.run()
    assert said[-1] in ("a", "c", [])


def twins(said):
    import streamlit as st

    from app.pickers import pick

    labels = {"a": "same", "b": "same"} if "turned" not in st.query_params else {"b": "same", "a": "same"}
    said.append(pick("Which", labels, "which"))


def test_a_label_never_stands_for_a_second_thing():
    said = []
    app = AppTest.from_function(twins, kwargs={"said": said}).run()
    app.selectbox[0].set_value("a").run()
    held = labels_of(app)
    app.query_params["turned"] = "1"
    app.run()
    assert len(set(app.selectbox[0].options)) == 2
    resent(app, held)
    assert said[-1] == "a"


def typing(said):
    import streamlit as st

    from app.pickers import pick

    labels = {"age": f"age · {st.query_params.get('type')}"}
    said.append(pick("Which", labels, "which", first=None, typed=True))


@pytest.mark.parametrize(("typed", "meant"), [("other", "other"), ("age · int64", "age"), ("age", "age")])
def test_what_is_typed_is_kept_and_a_typed_label_is_what_it_is_the_label_of(typed, meant):
    said = []
    app = AppTest.from_function(typing, kwargs={"said": said})
    app.query_params["type"] = "int64"
    app.run()
    app.selectbox[0].set_value("age").run()
    resent(app, dict.fromkeys(labels_of(app), typed))
    assert said[-1] == meant


KINDS = {
    "pick": "b", "picks": ["b"], "column": "age", "columns": ["plan", "age"], "answer": True, "either": "text",
    "algorithm": {"kind": "linear", "alpha": 2.0}, "types": {"age": "string"},
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [("int64", "float64"), (None, "int64"), ("int64", None)])
def test_no_form_returns_the_text_of_a_label(before, after):
    """Columns come, go and change their type between two runs; the browser holds the labels of the first."""
    form = Screen(Sample, KINDS, columns=typed(before))
    start = form.result.values
    held = labels_of(form.app)
    form.options["columns"].update(typed(after))
    form.run()
    resent(form.app, held)
    assert form.result.values == start
    assert "·" not in str(form.result.values)


def typed(kind):
    columns = [{"name": "plan", "type": "string"}]
    return {"table": columns if kind is None else [{"name": "age", "type": kind}, *columns]}


def test_a_sample_that_is_loaded_while_its_step_is_open_leaves_its_name_alone(empty, screens):
    desk = workbench().pipelines
    workbench().datasets.put("another", pl.DataFrame({"a": [1]}))  # without any, there is no list to choose from
    desk.create("clusters", (ROOT / "app" / "templates" / "churn.yaml").read_text("utf-8"))
    app = screens("pipelines", pipeline="clusters", node="read")
    held = labels_of(app)
    app.button(key="pipelines.load.churn").click().run()
    work(empty)
    resent(app, held)
    resent(app, held)
    assert desk.open("clusters")["document"]["nodes"]["read"]["with"]["dataset"] == "churn"
    assert desk.open("clusters")["revision"] == 1
    assert not app.button(key="pipelines.run").disabled


@pytest.mark.parametrize(
    ("page", "key", "chosen", "kind"),
    [
        ("data", "version", "twice@1", "selectbox"), ("explore", "version", "twice@1", "selectbox"),
        ("data", "data_view", "versions", "button_group"), ("features", "step", "read", "radio"),
        ("pipelines", "pipelines.source", "file", "radio"),
    ],
)  # fmt: skip
def test_what_is_chosen_stays_when_the_screen_speaks_another_language(two, screens, page, key, chosen, kind):
    app = screens(page, language="en", dataset="twice")
    next(one for one in app.get(kind) if one.key == key).set_value(chosen).run()
    held = {widget: label for widget, label in labels_of(app).items() if widget.endswith(f"-{key}")}
    app.selectbox(key="language").set_value("zh").run()
    for _ in range(2):
        resent(app, held)
        assert next(one for one in app.get(kind) if one.key == key).value == chosen


@pytest.fixture
def two(empty):
    """A workspace with two versions of a dataset, a recipe over it, and a pipeline."""
    bench = workbench()
    for rows in (3, 4):
        bench.datasets.put("twice", pl.DataFrame({"a": list(range(rows)), "b": ["x"] * rows}))
    bench.pipelines.create("twice features", bench.features.begun("twice features", "twice"))


def test_a_link_to_what_is_gone_says_so(two, screens):
    app = screens("data", language="en", dataset="missing")
    assert "missing is not there" in " ".join(one.value for one in app.warning)
    assert app.selectbox(key="dataset").value == "twice"


def test_every_choice_is_drawn_by_the_one_picker():
    """Streamlit returns the text of a label that it does not know: nothing but the picker may ask it."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.func.attr}"
        for folder in ("app", "pages")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.name != "pickers.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in PICKERS
    ]
    assert found == []


@pytest.fixture
def lost(monkeypatch):
    """Whether what was drawn may be lost on its way to the browser."""
    lost = [True]
    monkeypatch.setattr("app.session.is_sent", lambda drawn: not lost[0])
    return lost


def test_a_choice_is_told_again_until_the_page_was_drawn_to_its_end(lost):
    """A run that is interrupted may never reach the browser, which would then say the first of the list."""
    said = []
    app = AppTest.from_function(screen, kwargs={"said": said, "kind": "several"}).run()
    assert app.multiselect[0].proto.set_value  # by the run that may be thrown away
    app.run()
    assert app.multiselect[0].proto.set_value
    lost[0] = False
    app.run()
    assert not app.multiselect[0].proto.set_value
    assert said[-1] == ["b"]


def slow():
    import time

    import streamlit as st

    from app.pickers import pick
    from app.session import drawing

    with drawing():
        time.sleep(float(st.query_params.get("pause", 0)))
        pick("Which", {name: name for name in "abc"}, "which", first="b", clearable=True)


def test_a_run_that_follows_at_once_and_is_slow_tells_again(monkeypatch):
    """It may have thrown away the end of the one before."""
    monkeypatch.setattr("app.session.is_sent", IS_SENT)
    monkeypatch.setattr("app.session._SOON", 0.3)
    app = AppTest.from_function(slow).run()
    app.query_params["pause"] = "0.5"
    app.run()
    assert app.selectbox[0].proto.set_value
    app.run()  # begins as soon as that one ended
    assert app.selectbox[0].proto.set_value
    time.sleep(0.4)
    app.run()
    assert not app.selectbox[0].proto.set_value


def fields(said):
    from app.forms import schema_form
    from tests.pages.test_pickers import FIELDS, FILLED

    said.append(schema_form(FIELDS, FILLED, key="form").values)


FILLED = {
    "word": "left",
    "count": 3,
    "limit": 9,
    "day": "2024-03-01",
    "pick": "b",
    "guess": "one",
    "several": ["b"],
    "sure": True,
}
FIELDS = {
    "type": "object",
    "properties": {
        "word": {"type": "string"}, "count": {"type": "integer"}, "day": {"type": "string", "format": "date"},
        "pick": {"enum": ["a", "b"]}, "guess": {"type": "string", "widget": "suggest", "examples": ["one", "two"]},
        "several": {"type": "array", "uniqueItems": True, "items": {"enum": ["a", "b"]}},
        "sure": {"type": "boolean"}, "limit": {"type": "integer", "default": 5},
    },
}  # fmt: skip
TOUCHED = ("text_input", "number_input", "date_input", "selectbox", "multiselect", "button_group")


def emptied(app):
    """Run the page as for a browser that has heard nothing of what its fields were set to."""
    states = app._tree.get_widget_states()
    for state in states.widgets:
        several = state.WhichOneof("value") == "string_array_value" and "several" in state.id
        state.ClearField("value")
        if several:
            state.string_array_value.SetInParent()
    app._run(states)


def test_a_field_that_a_browser_has_not_heard_of_is_not_emptied_by_it(lost):
    said = []
    app = AppTest.from_function(fields, kwargs={"said": said}).run()
    emptied(app)
    assert said[-1] == FILLED
    assert all(app.get(kind)[0].proto.set_value for kind in TOUCHED)


def test_a_browser_that_has_forgotten_its_fields_empties_none(lost):
    """It hears that a picture has ended of which it got no field; then its fields begin anew, with nothing."""
    said = []
    app = AppTest.from_function(fields, kwargs={"said": said}).run()
    lost[0] = False
    app.number_input[1].set_value(12).run()
    app.text_input[0].set_value("right").run()
    lost[0] = True
    emptied(app)
    assert said[-1] == {**FILLED, "limit": 12, "word": "right"}
    emptied(app)
    assert said[-1] == {**FILLED, "limit": 12, "word": "right"}


def test_a_field_that_is_emptied_is_empty(lost):
    said = []
    app = AppTest.from_function(fields, kwargs={"said": said}).run()
    lost[0] = False
    emptied(app)
    assert said[-1] == {"several": [], "limit": 9}


def test_what_is_chosen_before_all_is_heard_stays_chosen(lost):
    said = []
    app = AppTest.from_function(fields, kwargs={"said": said}).run()
    app.number_input[0].set_value(4).run()
    app.selectbox[0].set_value("a").run()
    app.run()
    assert said[-1] == {**FILLED, "count": 4, "pick": "a"}


def linked(said):
    import streamlit as st

    from app.pickers import pick
    from app.session import choose

    if wanted := st.query_params.pop("wanted", None):
        choose("which", wanted)
    said.append(pick("Which", {name: name for name in "abc"}, "which"))


def test_what_a_browser_held_before_is_no_choice_until_it_has_heard(lost):
    said = []
    app = AppTest.from_function(linked, kwargs={"said": said}).run()
    held = labels_of(app)
    app.query_params["wanted"] = "c"
    app.run()
    resent(app, held)
    assert said == ["a", "c", "c"]
    lost[0] = False
    app.run()
    resent(app, held)
    assert said[-1] == "a"


def settled(kind):
    from app.pickers import pick

    pick("Colour", {"red": "Red", "green": "Green", "blue": "Blue"}, "colour", first="green", kind=kind)


@pytest.mark.parametrize(("kind", "found"), [("list", "selectbox"), ("radio", "radio")])
def test_a_browser_that_has_heard_of_no_choice_says_what_was_settled(kind, found):
    app = AppTest.from_function(settled, kwargs={"kind": kind}).run()
    widget = getattr(app, found)[0]
    assert (widget.proto.default, widget.options[widget.proto.default]) == (1, "Green")
