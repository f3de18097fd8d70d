"""The script that Streamlit runs: language, navigation, the state of the engine, then the page."""

from pathlib import Path

import streamlit as st

from app.builtin import builtin_words
from app.choices import language_switch
from app.deleting import draw_undo
from app.health import engine_line, health
from app.navigation import navigation
from app.preferences import density
from app.session import drawing
from app.text_keys import text_keys

st.set_page_config(
    page_title="Tandem",
    page_icon=str(Path(__file__).parent / "tandem.svg"),
    layout="wide",
    menu_items={"About": "Tandem, an open train-and-serve workbench."},  # a menu shows the choice of light or dark
)
with st.container():
    st.html(Path(__file__).parent / "style.css")
    density()
with st.sidebar:
    st.markdown("### Tandem")
    language_switch()
    page = navigation()
    st.divider()
    health()
    builtin_words()
    text_keys()
st.title(page.title)
# Streamlit knows a fragment by its place on the page: where what stands above may come and go, it has a container, or
# what is pressed in the fragment meanwhile would be for one that is not there any more, and is dropped.
with st.container():
    engine_line()
with st.container():
    draw_undo()
with st.container(), drawing():
    page.run()
