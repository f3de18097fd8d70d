"""The screens in a real browser: nothing breaks, nothing is fetched from outside."""

import pytest

from app.navigation import SCREENS
from app.text import TABLES
from tests.pages.accessible import faults_of
from tests.pages.chromium import IN_CHROMIUM, new_tab, opened, outside, shot

pytestmark = IN_CHROMIUM

CUT_OFF = """() => {
    const page = document.querySelector('[data-testid=stMain]');
    const texts = [...page.querySelectorAll('p, label, button, h1, h2, h3, [data-testid=stMetricValue] div')];
    const cut = texts.filter(one => one.offsetParent && one.scrollWidth > one.clientWidth + 1
        && getComputedStyle(one).overflowX !== 'visible');
    return [...cut.map(one => one.textContent.slice(0, 80)), ...(page.scrollWidth > innerWidth ? ['the page'] : [])];
}"""
"""What ends in dots because there is no room for it."""
SEEN = """() => {
    const one = document.activeElement;
    if (one === document.body || one.tagName === 'IFRAME' || one.closest('[data-testid=stDataFrame]')) return true;
    const marked = [one, one.parentElement, one.parentElement?.parentElement, one.nextElementSibling].filter(Boolean);
    return marked.some(part => {
        const style = getComputedStyle(part);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
            || getComputedStyle(part, '::before').boxShadow !== 'none'
            || one.matches(':focus-visible') && getComputedStyle(part).borderColor === 'rgb(28, 100, 176)';
    });
}"""
"""Whether what has the focus has a line around it: by itself, or its field has."""


OFTEN = ("home", "data", "pipelines", "models", "monitoring")
"""Screens that `make test` opens in a browser; the others, and all of them in Chinese, are left to `make test-slow`."""


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "screen",
    [screen.name if screen.name in OFTEN else pytest.param(screen.name, marks=pytest.mark.slow) for screen in SCREENS],
)
def test_page_opens_in_a_browser_and_asks_nobody_outside(address, tab, screen, language):
    opened(tab, address, screen, language)
    shot(tab, f"{screen}_{language}")
    assert faults_of(tab) == []
    assert tab.locator('[data-testid="stException"]').count() == 0
    assert outside(tab) == []


def test_the_language_changes_in_place_and_stands_in_the_link(address, tab):
    opened(tab, address, "runs", "en")
    tab.locator('[data-testid="stSidebar"] [data-testid="stSelectbox"]').first.click()
    tab.get_by_role("option", name="简体中文").click()
    tab.get_by_role("heading", name=TABLES["zh"]["page.runs"], exact=True, level=1).wait_for(timeout=60_000)
    tab.wait_for_url("**language=zh**")


@pytest.mark.parametrize(
    "screen",
    [
        screen.name if screen.name in ("data", "monitoring") else pytest.param(screen.name, marks=pytest.mark.slow)
        for screen in SCREENS
    ],
)
def test_page_can_be_read_in_the_dark(address, browser, screen):
    tab = new_tab(browser, color_scheme="dark")
    opened(tab, address, screen, "en")
    assert faults_of(tab) == []
    tab.close()


@pytest.mark.parametrize(
    "screen",
    [
        screen.name if screen.name == "models" else pytest.param(screen.name, marks=pytest.mark.slow)
        for screen in SCREENS
    ],
)
def test_nothing_is_cut_off_at_1024_pixels(address, browser, screen):
    tab = new_tab(browser, viewport={"width": 1024, "height": 768})
    opened(tab, address, screen, "en")
    assert tab.evaluate(CUT_OFF) == []
    tab.close()


def test_every_stop_of_the_keyboard_can_be_seen(address, tab):
    opened(tab, address, "data", "en")
    for _ in range(30):
        tab.keyboard.press("Tab")
        assert tab.evaluate(SEEN), tab.evaluate("document.activeElement.outerHTML.slice(0, 300)")
