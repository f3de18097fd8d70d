"""The canvas in a real browser: what only the component can show."""

import pytest

from tests.pages.chromium import IN_CHROMIUM, opened, outside, settled, shot, until
from tests.pages.conftest import CHURN

pytestmark = IN_CHROMIUM


@pytest.fixture
def drawn(desk, address, tab):
    """Open a new pipeline and return its name and the canvas."""
    name = desk.create(desk.free_name("drawn"), CHURN)["name"]
    opened(tab, address, "pipelines", "en", f"&pipeline={name}&node=read")
    canvas = tab.frame_locator("iframe[title*='streamlit_flow']:visible")
    canvas.locator("[data-id=score]").wait_for(timeout=60_000)
    settled(tab)
    return name, canvas


def dragged(tab, start, end):
    tab.mouse.move(*start)
    tab.mouse.down()
    tab.mouse.move(*end, steps=12)
    tab.mouse.up()
    settled(tab)


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


PLACE = """node => {
    const board = node.closest(".react-flow").getBoundingClientRect(), box = node.getBoundingClientRect();
    return [box.x - board.x, box.y - board.y];
}"""


def place(canvas, node):
    """Return where a node is on the canvas, whatever stands above the canvas on the page."""
    return canvas.locator(f"[data-id={node}]").evaluate(PLACE)


def test_a_click_on_a_node_opens_its_form(drawn, tab):
    _, canvas = drawn
    canvas.locator("[data-id=fill]").click()
    tab.wait_for_url("**node=fill**", timeout=60_000)
    tab.get_by_text("Statistic", exact=True).wait_for(timeout=60_000)
    shot(tab, "pipelines_step")
    assert outside(tab) == []


def test_a_moved_node_stays_where_it_was_put(desk, drawn, tab):
    name, canvas = drawn
    x, y = middle(canvas.locator("[data-id=fill]"))
    dragged(tab, (x, y - 20), (x + 10, y + 60))
    assert until(tab, lambda: desk.open(name)["document"].get("layout"))
    before = place(canvas, "fill")
    others = place(canvas, "read")
    desk_edit = {"op": "set", "node": "fill", "with": {"statistic": "mean"}}
    desk.edit(name, desk.open(name)["revision"], desk_edit)
    canvas.locator("[data-id=fit]").click()
    settled(tab)
    tab.get_by_role("button", name="Show the newest").click()
    settled(tab)
    assert until(tab, lambda: place(canvas, "fill") == pytest.approx(before, abs=1)), place(canvas, "fill")
    assert until(tab, lambda: place(canvas, "read") == pytest.approx(others, abs=1)), place(canvas, "read")


def test_a_link_that_is_drawn_is_kept_after_its_ports_are_chosen(desk, drawn, tab):
    name, canvas = drawn
    start = middle(canvas.locator("[data-id=split] .react-flow__handle.source"))
    dragged(tab, start, middle(canvas.locator("[data-id=fit] .react-flow__handle.target")))
    tab.get_by_role("button", name="Connect", exact=True).click(timeout=60_000)
    assert until(tab, lambda: "validation" in desk.open(name)["document"]["nodes"]["fit"]["from"])
