"""The script that Streamlit runs: language, navigation, the state of the engine, then the page."""

import streamlit as st

from app.health import engine_line, health
from app.navigation import navigation
from app.session import language_switch

st.set_page_config(page_title="Tandem", page_icon=":material/all_inclusive:", layout="wide")
with st.sidebar:
    language_switch()
page = navigation()
with st.sidebar:
    health()
st.title(page.title)
engine_line()
page.run()
