"""Every sentence and hint that the sources write for a reader has its Chinese, and no Chinese is left over."""

import ast
import re
from pathlib import Path

import pydantic
import pytest

from app.sentences import in_chinese
from app.text.sentences import ROOMS, SENTENCES

ROOT = Path(__file__).resolve().parents[2]
ROOMS_THAT_TALK = ("engine", "operators", "resources")
NAMES = {
    "hint",
    "sentence",
    "likely",
    "meant",
    "where",
    "how",
    "told",
    "expected",
    "message",
    "text",
    "_HINT",
    "_QUOTING",
}
FOR_PROGRAMMERS = {
    "module {} has no attribute {}",
    "{} x, {} y and {} values are no points",
    "a point lies at a finite place",
    "A run is requested once.",
    "Attempt {} of {} follows {}.",
    "Stage {} is {}, not {}.",
    "Stage {} comes before one that it needs.",
    "{}: {} has no port type: {}",
    "The dashboard is off.",
    "a weight is above 0, and this is {}",
    "all {} places of the gate are taken",
    "The wish has changed.",
}
TOO_LOOSE = {
    "{} {}: {}.",
    "{} at {}.",
    "{} (next)",
    "Line {}: ",
}  # they would be found in any text; their wholes stand instead
CODED = ("engine/data", "engine/monitoring")  # what is noticed there goes by its code, not by its sentence


def forms(node):
    """Return the sentences that an expression may be, with `{}` for each value."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)]
    if isinstance(node, ast.IfExp):
        return [*forms(node.body), *forms(node.orelse)]
    if isinstance(node, ast.BoolOp):
        return [form for part in node.values for form in forms(part)]
    return []


def told(tree, *, coded):
    """Return the forms of what errors and problems are made of."""
    names = NAMES - ({"sentence", "told"} if coded else set())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name.endswith("Error") or name in ("Problem", "cls"):
                hints = [keyword.value for keyword in node.keywords if keyword.arg == "hint"]
                yield from (form for part in [*node.args, *hints] for form in forms(part))
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in names:
            yield from forms(node.value)


@pytest.fixture(scope="module")
def written():
    """The forms in the sources that are words: a value alone, a name or a code is none."""
    found = {}
    for room in ROOMS_THAT_TALK:
        for source in sorted((ROOT / room).rglob("*.py")):
            place = source.relative_to(ROOT).as_posix()
            for form in told(ast.parse(source.read_text("utf-8")), coded=place.startswith(CODED)):
                found.setdefault(form, place)
    return found


def test_every_error_and_hint_has_its_chinese(written):
    words = {form: source for form, source in written.items() if " " in form.strip() and re.search("[A-Za-z]{2}", form)}
    aside = SENTENCES.keys() | FOR_PROGRAMMERS | TOO_LOOSE
    assert {form: source for form, source in words.items() if form not in aside} == {}


def test_no_chinese_is_left_over():
    sources = [source for room in ROOMS_THAT_TALK for source in (ROOT / room).rglob("*.py")]
    nodes = (node for source in sources for node in ast.walk(ast.parse(source.read_text("utf-8"))))
    texts = "\n".join(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    assert [form for form in SENTENCES if any(part not in texts for part in re.split(r"\{\w*\}", form))] == []


def test_no_sentence_is_translated_twice_in_different_words():
    pairs = {(form, chinese) for room in ROOMS for form, chinese in room.SENTENCES.items()}
    assert len({form for form, _ in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("sentence", "chinese"),
    [
        ("No dataset 'x'.", "没有数据集“x”。"),
        ("Did you mean one of ['a', 'b']?", "您想写的是不是：“a”、“b”？"),
        (
            "The input 'train' takes a Table, but fit.model gives a Model.",
            "输入“train”需要表，但 fit.model 给出的是模型。",
        ),
        ("Row 0: 'age' must be a number, not 'abc'.", "第 0 行（从 0 数起）：“age”必须是数值，而不是“abc”。"),
        (
            "The model was stored with skops 0.17, and 0.16.0 is installed here.",
            "该模型 是用 skops 0.17 保存的，而这里安装的是 0.16.0。",
        ),
        ("Node 'fill': No column 'a'.", "节点“fill”：没有列“a”。"),
        ("test_share: Input should be less than 1 (given 2).", "test_share：必须小于 1（现为 2）。"),
        ("Column 'a' is string, and pca needs int8 or float64.", "列“a”的类型是文本，而 pca 需要整数、数值。"),
        ("It did not start within 9 seconds. Version 2 goes on serving.", "9 秒内没有启动。第 2 版继续提供服务。"),
    ],
)
def test_values_stand_in_their_places(sentence, chinese):
    assert in_chinese(sentence) == chinese


@pytest.mark.parametrize("sentence", ["", "Customers of 2024 {x}", "{}", "A name: with 'quotes.", "x" * 5000])
def test_what_has_no_form_is_shown_as_it_is(sentence):
    assert in_chinese(sentence) == sentence


def test_pydantic_says_what_has_a_form():
    model = pydantic.create_model("M", a=(int, pydantic.Field(gt=0, le=9)), b=(float, ...), c=(bool, ...))
    for values in ({"a": 0}, {"a": 10, "b": "x", "c": "x"}, {"a": "1.5"}, {"a": "x", "z": 1}):
        with pytest.raises(pydantic.ValidationError) as caught:
            model(**values)
        for fault in caught.value.errors():
            assert in_chinese(f"field: {fault['msg']}.") != f"field: {fault['msg']}."
