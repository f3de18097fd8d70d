"""Parts that draw themselves again: what is pressed in the moment in which one sees a change is done."""

import ast
import time

import pytest

from app.session import workbench
from engine.config import Workspace
from engine.records import Records, engine_lock, services
from tests.pages.conftest import CHURN, ROOT
from tests.pages.parts import drawn_alone, keep_pages, part_of


@pytest.fixture(autouse=True)
def pages(monkeypatch):
    keep_pages(monkeypatch)


@pytest.fixture
def engine(full):
    """Tell that an engine runs: then what is kept of services is believed. Gives the records."""
    workspace = Workspace.at(full)
    records = Records.open(workspace)
    with engine_lock.held(workspace):
        engine_lock.announce(records)
        yield records
        engine_lock.release(records)


@pytest.fixture
def service(engine):
    """Change what an engine has seen of the service `churn`, which is afterwards as it was."""

    def change(**values):
        with engine.write() as connection:
            services.change(connection, "churn", **values)
            services.looked_at(connection, "churn")

    yield change
    change(status="healthy", wanted="running")


@pytest.fixture
def live(full):
    """A run that waits for an engine, and is cancelled at last; its id."""
    run = workbench().run(CHURN).id
    yield run
    workbench().runs.cancel(run)


def press(app, key, monkeypatch, part=None):
    """Press a button, whose part of the page is then drawn alone, as a browser asks for it."""
    button = app.button(key=key)
    button.click()
    return drawn_alone(app, part or part_of(app, button), monkeypatch)


def names():
    return {row["name"] for row in workbench().pipelines.list()}


def test_a_run_that_ends_while_a_button_of_it_is_pressed_does_what_was_pressed(live, screens, monkeypatch):
    app, before = screens("runs", run=live), names()
    workbench().runs.cancel(live)
    press(app, "runs.open", monkeypatch)
    assert len(names() - before) == 1


@pytest.mark.parametrize("status", ["unhealthy", "starting"])
def test_a_service_that_changes_while_it_is_stopped_is_stopped(service, screens, monkeypatch, status):
    service(status="healthy")
    app = screens("services", service="churn")
    service(status=status)
    press(app, "services.stop", monkeypatch)
    assert workbench().services.show("churn")["wanted"] == "stopped"


def test_what_is_above_a_part_comes_and_goes_and_a_press_still_finds_it(engine, service, screens, monkeypatch):
    app = screens("services", service="churn")
    part = part_of(app, app.button(key="services.stop"))
    engine_lock.release(engine)
    app.run()  # now the line that the engine is down stands above
    press(app, "services.stop", monkeypatch, part)
    assert workbench().services.show("churn")["wanted"] == "stopped"


def test_a_step_is_removed_though_the_run_ends_while_that_is_drawn(desk, screens, monkeypatch):
    name = desk.create(desk.free_name("ending"), CHURN)["name"]
    run = desk.run(name, 1)
    app = screens("pipelines", pipeline=name, node="score")
    look = type(desk).states

    def ends(self, of):
        found = look(self, of)
        run.cancel()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(type(desk), "states", ends)  # it ends between two looks
        press(app, "pipelines.remove", monkeypatch)
    assert "score" not in desk.open(name)["document"]["nodes"]


def test_the_canvas_of_a_run_that_has_ended_still_hears_a_click(desk, screens, monkeypatch):
    name = desk.create(desk.free_name("ended"), CHURN)["name"]
    run = desk.run(name, 1)
    app = screens("pipelines", pipeline=name)
    part = part_of(app, app.button(key="pipelines.full"))
    run.cancel()
    app.run()
    assert part_of(app, app.button(key="pipelines.full")) == part


def test_what_is_cleared_in_a_part_stays_cleared(live, screens, monkeypatch):
    ended = next(run["id"] for run in workbench().runs.list(statuses=("succeeded",)))
    app = screens("runs", run=ended, run_view="beside")
    others = app.multiselect(key="with")
    assert others.value
    time.sleep(1.1)  # until the browser surely has it
    others.set_value([])
    drawn_alone(app, part_of(app, others), monkeypatch)
    assert app.multiselect(key="with").value == []


def test_only_one_place_draws_parts_again_by_itself():
    found = {
        path.name
        for folder in ("app", "pages")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "run_every"
    }
    assert found == {"live.py"}
