"""The screens in a real browser: nothing breaks, nothing is fetched from outside."""

import pytest

from app.navigation import SCREENS
from app.text import TABLES
from tests.pages.chromium import IN_CHROMIUM, opened, outside, shot

pytestmark = IN_CHROMIUM


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.slow)])
@pytest.mark.parametrize("screen", [screen.name for screen in SCREENS])
def test_page_opens_in_a_browser_and_asks_nobody_outside(address, tab, screen, language):
    opened(tab, address, screen, language)
    shot(tab, f"{screen}_{language}")
    assert tab.locator('[data-testid="stException"]').count() == 0
    assert outside(tab) == []


def test_the_language_changes_in_place_and_stands_in_the_link(address, tab):
    opened(tab, address, "runs", "en")
    tab.locator('[data-testid="stSidebar"] [data-testid="stSelectbox"]').first.click()
    tab.get_by_role("option", name="简体中文").click()
    tab.get_by_role("heading", name=TABLES["zh"]["page.runs"], exact=True, level=1).wait_for(timeout=60_000)
    tab.wait_for_url("**language=zh**")
