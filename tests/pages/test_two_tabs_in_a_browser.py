"""Two tabs at once in a real browser: what is clicked in one never does anything to what the other shows."""

import pytest

from tests.pages.chromium import IN_CHROMIUM
from tests.pages.conftest import CHURN
from tests.pages.tabs import becomes

pytestmark = IN_CHROMIUM


@pytest.fixture
def names(desk):
    """Two pipelines of five steps, which are gone afterwards."""
    made = [desk.create(desk.free_name(wish), CHURN)["name"] for wish in ("left", "right")]
    yield made
    for row in desk.list():
        if row["name"].startswith(("left", "right")):
            desk.delete(row["name"])


def steps(desk, name):
    return list(desk.open(name)["document"]["nodes"])


def test_undo_in_one_tab_undoes_nothing_of_the_other(desk, names, tabs):
    (left, right), (first, second) = names, tabs
    before = steps(desk, left)
    first.open(left)
    first.add("drop_duplicates")
    second.open(right)
    second.add("drop_duplicates")
    second.undo()
    first.undo()
    assert becomes(lambda: steps(desk, left), before) == before
    assert first.pipeline == left
    assert [desk.open(name)["revision"] for name in names] == [3, 3]


@pytest.mark.slow
def test_what_is_added_goes_into_the_pipeline_of_the_tab(desk, names, tabs):
    (left, right), (first, second) = names, tabs
    first.open(left)
    second.open(right)
    for operator in ("drop_duplicates", "sort_rows", "filter_rows"):
        first.add(operator)
        second.add(operator)
    for name, tab in zip(names, tabs, strict=True):
        assert tab.pipeline == name
        assert steps(desk, name)[-3:] == ["drop_duplicates", "sort_rows", "filter_rows"]
        assert desk.open(name)["revision"] == 4


def test_a_pipeline_that_is_renamed_elsewhere_is_followed(desk, names, tabs):
    (left, right), (first, _) = names, tabs
    first.open(left)
    first.add("drop_duplicates")
    assert becomes(lambda: desk.open(left)["revision"], 2) == 2
    desk.rename(left, 2, "left renamed")
    desk.rename(right, 1, left)
    first.undo()
    assert becomes(lambda: first.pipeline, "left renamed") == "left renamed"
    assert first.page.get_by_text("Another tab has changed this pipeline").count() == 1  # so the press is not lost
    assert desk.open(left)["revision"] == 2  # nothing but its renaming
    assert "drop_duplicates" in steps(desk, "left renamed")


@pytest.mark.slow
def test_a_pipeline_that_is_deleted_elsewhere_is_told_and_nothing_is_done_to_another(desk, names, tabs):
    (left, right), (first, _) = names, tabs
    first.open(left)
    first.add("drop_duplicates")
    desk.delete(left)
    first.undo()
    assert first.page.get_by_text("is not there (any more)").count() == 1
    assert desk.open(right)["revision"] == 1
    assert "drop_duplicates" in desk.take_back(left)["document"]["nodes"]


def test_what_is_pressed_below_the_canvas_on_an_older_revision_waits(desk, names, tabs):
    (left, _), (first, second) = names, tabs
    for tab in tabs:
        tab.open(left, node="fill")
    second.add("sort_rows")
    first.press_until("pipelines.remove", lambda: first.page.get_by_text("Your change waits").count() == 1)
    assert first.page.get_by_text("Your change waits").count() == 1
    assert "fill" in steps(desk, left)
    first.press_until("pipelines.make_mine", lambda: "fill" not in steps(desk, left))
    assert "fill" not in steps(desk, left)
    assert "sort_rows" in steps(desk, left)


@pytest.mark.slow
def test_on_one_pipeline_the_slower_tab_is_told_and_loses_nothing(desk, names, tabs):
    (left, _), (first, second) = names, tabs
    for tab in tabs:
        tab.open(left)
    first.add("drop_duplicates")
    second.add("sort_rows")
    assert second.page.get_by_text("Another tab").count() == 1
    assert "sort_rows" not in steps(desk, left)
    second.press("pipelines.make_mine")
    assert steps(desk, left)[-2:] == ["drop_duplicates", "sort_rows"]
    first.undo()
    assert steps(desk, left)[-2:] == ["drop_duplicates", "sort_rows"]
