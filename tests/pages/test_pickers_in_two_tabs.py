"""Two tabs on each screen that is about one thing: the link wins, and what is pressed is done to what the tab shows."""

import shutil

import pytest

from engine import Workbench
from engine.records import Records, engine_lock
from tests.pages.chromium import IN_CHROMIUM, new_tab, served
from tests.pages.conftest import unstarted
from tests.pages.subjects import SUBJECTS, furnish, other_datasets
from tests.pages.tabs import ENGLISH, Tab, becomes

pytestmark = IN_CHROMIUM


@pytest.fixture(scope="module")
def bench(finished, tmp_path_factory):
    """A workspace with two of everything, whose engine does nothing: what is asked for stays asked for."""
    root = shutil.copytree(finished, tmp_path_factory.mktemp("pairs") / "workspace")
    bench = Workbench.open(root)
    with unstarted(), engine_lock.held(bench.workspace):
        engine_lock.announce(Records.open(bench.workspace))
        furnish(bench)
        yield bench


@pytest.fixture(scope="module")
def address(bench):
    """Where a browser finds its screens."""
    with served(bench.workspace.root) as address:
        yield address


@pytest.fixture(scope="module")
def tabs(browser, address):
    """Two tabs."""
    return [Tab(new_tab(browser), address) for _ in range(2)]


SELDOM = ("explore-version", "features-recipe", "features-dataset", "models-model", "models-version")
"""Tried by `make test-slow`: the contract is the same, and the pickers are made by the same code as the others."""


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param(subject, id=name, marks=[pytest.mark.slow] if name in SELDOM else [])
        for name, subject in SUBJECTS.items()
    ],
)
def test_what_is_pressed_is_done_to_what_the_tab_shows(bench, tabs, subject):
    (one, other), (first, second) = subject.ones, tabs
    before = subject.done(bench)
    shown = subject.identity(bench, one)
    Tab.show_all(tabs, subject.screen, **subject.more, **{subject.key: shown})
    subject.elsewhere(bench)
    second.pick(ENGLISH[subject.label], subject.listed(bench, other))  # from a list of before
    assert becomes(lambda: second.linked(subject.key) != shown, True)
    second.settle()
    subject.act(second)
    assert becomes(lambda: subject.done(bench) - before, {other}) == {other}
    assert first.linked(subject.key) == shown
    subject.act(first)
    assert becomes(lambda: subject.done(bench) - before, {one, other}) == {one, other}


def test_data_shows_what_was_picked_from_a_list_of_before(bench, tabs):
    Tab.show_all(tabs, "data", dataset="left", version="left@2")
    other_datasets(bench)
    for tab, label, begins in zip(tabs, ("data.version", "data.dataset"), ("Version 1 ·", "right"), strict=True):
        tab.pick(ENGLISH[label], begins)
    assert becomes(lambda: [tab.linked("dataset") for tab in tabs], ["left", "right"]) == ["left", "right"]
    assert becomes(lambda: tabs[0].linked("version"), "left@1") == "left@1"
    assert becomes(lambda: tabs[1].linked("version").partition("@")[0], "right") == "right"
