"""The screen of operators: the catalogue can be searched, and an operator tried and put into a pipeline."""

from pathlib import Path

import pytest
import yaml

from app.catalogue.search import found
from app.session import workbench
from app.text import TABLES, t
from engine.workbench.operators import OperatorDesk
from operators.registry import BUILTIN

ROOT = Path(__file__).resolve().parents[2]
ENTRIES = OperatorDesk().list()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("fill missing", "fill_missing"),
        ("缺失", "fill_missing"),
        ("outlier", "clip_outliers"),
        ("ouliers", "clip_outliers"),
        ("SPLIT", "split_rows"),
        ("train_classifier", "train_classifier"),
        ("分类器", "train_classifier"),
        ("join", "join_tables"),
    ],
)
def test_a_search_finds_what_was_meant_first(text, name):
    assert name in [entry["name"] for entry in found(ENTRIES, text)][:2]


def test_a_search_for_nothing_finds_all_and_nonsense_nothing():
    assert found(ENTRIES, "  ") == ENTRIES
    assert found(ENTRIES, "qqqqzz") == []


@pytest.mark.parametrize("kind", BUILTIN.operators.values(), ids=lambda kind: kind.card.name)
def test_every_operator_says_in_chinese_what_it_does(kind):
    assert "。" in kind.card.about.get("zh", ""), "give its card about={'zh': ...}: what the docstring says"


def test_the_catalogue_shows_a_card_for_each_operator(empty, screens):
    app = screens("operators")
    assert not app.exception
    assert len(app.get("page_link")) >= len(ENTRIES)
    app.text_input(key="operators.search").set_value("缺失").run()
    assert any(t("operators.some", shown=2, count=len(ENTRIES))[:2] in c.value for c in app.caption)


def test_a_link_opens_one_operator_with_its_form(empty, screens):
    app = screens("operators", operator="split_rows")
    assert not app.exception
    share = next(widget for widget in app.number_input if widget.label == "Share held out")
    share.set_value(0.3).run()
    assert yaml.safe_load(app.code[0].value) == {"operator": "split_rows", "with": {"test_share": 0.3}}


def test_a_link_to_no_operator_opens_the_catalogue(empty, screens):
    app = screens("operators", operator="<b>none</b>")
    assert not app.exception
    assert app.text_input(key="operators.search")


def test_an_example_fills_the_form(empty, screens):
    app = screens("operators", operator="group_aggregate")
    app.selectbox(key="operators.example.group_aggregate").set_value(2).run()
    assert yaml.safe_load(app.code[0].value)["with"] == OperatorDesk().show("group_aggregate")["examples"][2]


def test_an_operator_is_put_into_a_new_pipeline(empty, screens):
    app = screens("operators", operator="drop_duplicates")
    app.button(key="operators.use").click().run()
    assert not app.exception
    kept = workbench().pipelines.list()
    assert [entry["nodes"] for entry in kept] == [1]
    nodes = workbench().pipelines.open(kept[0]["name"])["document"]["nodes"]
    assert [node["operator"] for node in nodes.values()] == ["drop_duplicates"]
    assert [title.value for title in app.title] == [TABLES["en"]["page.pipelines"]]


def test_no_room_is_hidden_by_a_package_of_the_screens():
    """Streamlit looks for imports in the folder of its script first."""
    rooms = {"app", "engine", "operators", "pages", "resources", "tests"}
    assert rooms & {path.stem for path in (ROOT / "app").iterdir()} == set()
