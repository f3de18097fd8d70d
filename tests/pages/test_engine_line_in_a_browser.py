"""A page that stays open says by itself that the engine has gone, and that it is back."""

from app.text import TABLES
from engine.config import Workspace
from engine.records import Records, engine_lock
from tests.pages.chromium import IN_CHROMIUM, opened, served

DOWN = TABLES["en"]["engine.down"]
pytestmark = IN_CHROMIUM


def test_an_open_page_tells_when_the_engine_goes_and_comes(tmp_path, tab):
    workspace = Workspace.at(tmp_path / "workspace")
    records = Records.open(workspace)
    with served(workspace.root) as address, engine_lock.held(workspace):
        engine_lock.announce(records)
        opened(tab, address, "home", "en")
        assert tab.get_by_text(DOWN).count() == 0
        engine_lock.release(records)
        tab.get_by_text(DOWN).wait_for()
        engine_lock.announce(records)
        tab.get_by_text(DOWN).wait_for(state="detached")
