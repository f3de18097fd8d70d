"""What Streamlit's own widgets say is Chinese on Chinese screens, and English again on English ones."""

from pathlib import Path

import streamlit

from app.text.builtin import WORDS
from tests.pages.chromium import IN_CHROMIUM, opened

BUNDLE = Path(streamlit.__file__).parent / "static" / "static" / "js"
MADE_UP = ("Press Enter to ", "Press Ctrl+Enter to ", "Press ⌘+Enter to ")  # put together in the browser

pytestmark = IN_CHROMIUM


def test_streamlit_still_says_each_of_these_words():
    scripts = "".join(path.read_text("utf-8") for path in BUNDLE.glob("*.js"))
    gone = [word for word in WORDS if not any(f"{sign}{word}{sign}" in scripts for sign in "`'\"")]
    assert [word for word in gone if not word.startswith(MADE_UP)] == []


def test_an_upload_speaks_the_language_of_the_screen(address, tab):
    opened(tab, address, "data", "zh", "&dataset=customers")
    zone = tab.get_by_test_id("stFileUploaderDropzone").first
    assert "Upload" not in zone.text_content()
    assert WORDS["Upload"] in zone.text_content()
    assert "每个文件最多" in zone.text_content()


def test_words_go_back_to_english_with_the_screen(address, tab):
    opened(tab, address, "data", "zh")
    tab.locator('[data-testid="stSidebar"] [data-testid="stSelectbox"]').first.click()
    tab.get_by_role("option", name="English").click()
    tab.get_by_role("heading", name="Data", exact=True, level=1).wait_for(timeout=60_000)
    tab.wait_for_function(
        "document.querySelector('[data-testid=stFileUploaderDropzone]').textContent.includes('Upload')"
    )
