"""Parts of a page that are drawn alone, as when something in them is pressed in a browser."""

from functools import partial

from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

TESTING = "streamlit.testing.v1"


def part_of(app, widget):
    """Return the part of the page that a widget belongs to, by which a browser tells of a press."""
    return app._session_state._state._new_widget_state.widget_metadata[widget.id].fragment_id


def drawn_alone(app, part, monkeypatch):
    """Draw one part of the page alone, with what was pressed in it."""
    with monkeypatch.context() as patch:
        patch.setattr(f"{TESTING}.local_script_runner.RerunData", partial(RerunData, fragment_id=part))
        return app.run()


def keep_pages(monkeypatch):
    """Let a part know the pages that the whole script has told of, as in a session of a browser."""
    kept = {}

    def known(path, *rest, **more):
        return kept.setdefault(path, PagesManager(path, *rest, **more))

    monkeypatch.setattr(f"{TESTING}.app_test.PagesManager", known)
