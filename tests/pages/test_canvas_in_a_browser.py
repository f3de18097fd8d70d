"""Long pipelines on the canvas in a real browser: what can be read, what a choice costs, and what keys do."""

import pytest

from tests.pages.chromium import IN_CHROMIUM, opened, settled, until
from tests.pages.conftest import drive

pytestmark = IN_CHROMIUM
FRAME = "iframe[title*='streamlit_flow']:visible"
NODES = """frame => {
    const inside = frame.contentDocument, box = frame.getBoundingClientRect();
    const scale = new DOMMatrix(getComputedStyle(inside.querySelector('.react-flow__viewport')).transform).a;
    return [...inside.querySelectorAll('.react-flow__node')].map((one) => {
        const at = one.getBoundingClientRect(), title = one.querySelector('.markdown-node div');
        const size = parseFloat(frame.contentWindow.getComputedStyle(title).fontSize) * scale;
        return { name: one.dataset.id, x: at.x, y: at.y, right: at.right, bottom: at.bottom, size,
                 marked: one.hasAttribute('data-chosen'), wide: box.width, high: box.height, end: box.bottom };
    });
}"""


def chain(length):
    """A pipeline of a source and formulas, each after the one before."""
    nodes = {"read": {"operator": "read_dataset", "with": {"dataset": "churn"}}}
    for number in range(1, length):
        before = f"s{number - 1}" if number > 1 else "read"
        parameters = {"name": f"c{number}", "expression": f"age + {number}"}
        nodes[f"s{number}"] = {"operator": "formula_column", "with": parameters, "from": {"table": before}}
    return {"name": "chain", "nodes": nodes}


@pytest.fixture
def canvas(desk, address, tab):
    """Open a chain of some steps at a step: gives a function that returns the pipeline's name and the frame."""

    def shown(length, node="read"):
        name = desk.create(desk.free_name("chain"), chain(length))["name"]
        opened(tab, address, "pipelines", "en", f"&pipeline={name}&node={node}")
        tab.frame_locator(FRAME).locator("[data-id=read]").wait_for(timeout=60_000)
        settled(tab)
        return name, tab.locator(FRAME)

    return shown


def nodes(frame):
    return {one["name"]: one for one in frame.evaluate(NODES)}


def is_seen(frame, name):
    """Whether a step is marked, alone, and within the frame."""
    found = nodes(frame)
    box, marked = found[name], [one for one, node in found.items() if node["marked"]]
    return marked == [name] and 0 <= box["x"] < box["wide"] and box["y"] >= 0 and box["bottom"] <= box["high"]


@pytest.mark.parametrize("size", [(1280, 800), (1024, 768)], ids=["1280", "1024"])
def test_all_25_steps_of_a_chain_are_seen_at_once_and_can_be_read(canvas, tab, size):
    tab.set_viewport_size({"width": size[0], "height": size[1]})
    _, frame = canvas(25)
    assert until(tab, lambda: all(one["right"] <= one["wide"] for one in nodes(frame).values()))
    found = nodes(frame).values()
    assert len(found) == 25
    assert min(one["size"] for one in found) > 8.5  # pixels of the title
    assert all(one["x"] >= 0 and one["y"] >= 0 and one["bottom"] <= one["high"] for one in found)
    assert min(one["end"] for one in found) < size[1]


def test_a_choice_marks_the_step_and_sends_no_picture(canvas, tab):
    _, frame = canvas(25)
    frame.evaluate("""frame => {
        window.stamps = new Set();
        frame.contentWindow.addEventListener('message', ({ data }) => window.stamps.add(data.args?.timestamp));
    }""")
    tab.frame_locator(FRAME).locator("[data-id=s8]").click()
    tab.get_by_text("Formula column · s8").wait_for(timeout=60_000)
    settled(tab)
    assert [name for name, one in nodes(frame).items() if one["marked"]] == ["s8"]
    assert tab.evaluate("[...window.stamps].length") == 0
    assert "node=s8" in tab.url


def test_the_step_of_a_link_is_marked_and_in_view(canvas, tab):
    _, frame = canvas(100, "s90")
    assert until(tab, lambda: is_seen(frame, "s90")), nodes(frame)["s90"]


def test_a_step_that_is_chosen_while_a_run_goes_on_stays_chosen_and_in_view(desk, canvas, finished, tab):
    name, frame = canvas(100, "s90")
    run, inside = desk.run(name, 1), tab.frame_locator(FRAME)
    tab.reload()  # from now on the page follows the run
    inside.locator("[data-id=s90]").wait_for(timeout=60_000)
    assert until(tab, lambda: is_seen(frame, "s90")), nodes(frame)["s90"]
    inside.locator("[data-id=s91]").click()
    tab.get_by_text("Formula column · s91").wait_for(timeout=60_000)
    waiting = inside.locator("[data-id=s91]").inner_text()
    drive(finished)
    assert run.status == "succeeded"
    assert until(tab, lambda: inside.locator("[data-id=s91]").inner_text() != waiting)
    settled(tab)
    assert is_seen(frame, "s91"), nodes(frame)["s91"]
    assert tab.get_by_text("Formula column · s91").count() == 1


def test_the_wheel_moves_a_long_pipeline(canvas, tab):
    _, frame = canvas(100)
    box, before = frame.bounding_box(), nodes(frame)["s9"]["y"]
    tab.mouse.move(box["x"] + 300, box["y"] + 150)
    tab.mouse.wheel(0, 200)
    assert until(tab, lambda: nodes(frame)["s9"]["y"] == pytest.approx(before - 200, abs=2)), nodes(frame)["s9"]


def test_keys_in_a_text_are_the_texts(desk, canvas, tab):
    name, _ = canvas(4, "s2")
    field = tab.get_by_role("textbox", name="Expression")
    field.fill("age + 77")
    field.press("Control+Enter")
    assert until(tab, lambda: desk.open(name)["document"]["nodes"]["s2"]["with"]["expression"] == "age + 77")
    settled(tab)
    field.press("Control+z")
    settled(tab)
    assert desk.open(name)["revision"] == 2
    assert desk.states(name)["run"] is None


def test_ctrl_z_in_a_text_of_features_undoes_the_typing_and_no_step(desk, address, tab):
    nodes = chain(2)["nodes"]
    name = desk.create(desk.free_name("churn features"), {"name": "x", "nodes": nodes})["name"]
    step = {"op": "set", "node": "s1", "with": {"name": "c1", "expression": "age + 2"}}
    revision = desk.edit(name, 1, step)["revision"]
    opened(tab, address, "features", "en", f"&dataset=churn&recipe={name}&step=s1")
    field = tab.get_by_role("textbox", name="Expression")
    field.wait_for(timeout=60_000)
    settled(tab)
    field.press("End")
    field.press_sequentially("7")
    field.press("Control+z")
    settled(tab)
    assert field.input_value() == "age + 2"
    assert desk.open(name)["revision"] == revision


def test_delete_on_the_canvas_removes_the_step_that_is_open(desk, canvas, tab):
    name, frame = canvas(4)
    tab.frame_locator(FRAME).locator("[data-id=s3]").click()
    tab.get_by_text("Formula column · s3").wait_for(timeout=60_000)
    settled(tab)
    tab.keyboard.press("Delete")
    assert until(tab, lambda: "s3" not in desk.open(name)["document"]["nodes"])
    assert until(tab, lambda: list(nodes(frame)) == ["read", "s1", "s2"])
    tab.keyboard.press("Control+z")
    assert until(tab, lambda: "s3" in desk.open(name)["document"]["nodes"])


def test_steps_are_reached_and_opened_by_keys(canvas, tab):
    _, frame = canvas(4)
    tab.frame_locator(FRAME).locator("[data-id=read]").focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Enter")
    tab.get_by_text("Formula column · s2").wait_for(timeout=60_000)
    settled(tab)
    assert nodes(frame)["s2"]["marked"]


def test_full_screen_gives_the_canvas_the_window_and_escape_gives_it_back(canvas, tab):
    _, frame = canvas(25)
    frame.evaluate("frame => { frame.contentWindow.same = true; }")
    before = frame.bounding_box()
    tab.get_by_role("button", name="Full screen").click()
    assert until(tab, lambda: frame.bounding_box()["width"] > tab.viewport_size["width"] - 80)
    assert frame.bounding_box()["height"] > before["height"]
    tab.get_by_role("button", name="Leave full screen").press("Escape")
    assert until(tab, lambda: frame.bounding_box()["width"] == before["width"])
    assert frame.evaluate("frame => frame.contentWindow.same")
