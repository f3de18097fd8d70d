"""A page whose connection is lost, or that is loaded anew, shows the same thing in a real browser."""

import pytest

from tests.pages.chromium import IN_CHROMIUM, PATIENCE, new_tab, opened, settled

pytestmark = [*IN_CHROMIUM, pytest.mark.slow]
SOCKETS = """
window.sockets = [];
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
    constructor(...all) { super(...all); window.sockets.push(this); }
};
"""
AGAIN = "count => window.sockets.length > count && window.sockets.at(-1).readyState === 1"
QUERY = "SELECT age FROM churn -- not sent yet"


@pytest.fixture
def page(browser):
    """A tab whose live connections can be closed."""
    page = new_tab(browser)
    page.add_init_script(SOCKETS)
    yield page
    page.close()


def link_of(page):
    return page.evaluate("location.pathname + location.search")


def test_what_is_typed_outlives_a_lost_connection_and_the_place_a_reload(page, address):
    opened(page, address, "explore", "en", "&dataset=churn&explore_view=query")
    box = page.locator("textarea").first
    box.fill(QUERY)
    link = link_of(page)
    for count in (1, 2):
        page.evaluate("window.sockets.at(-1).close()")
        page.wait_for_function(AGAIN, arg=count, timeout=PATIENCE)
        settled(page)
        assert (box.input_value(), link_of(page)) == (QUERY, link)
    page.reload()
    settled(page)
    page.locator("textarea").first.wait_for(timeout=PATIENCE)
    assert link_of(page) == link
