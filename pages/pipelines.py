"""A pipeline as text: checked while it is written, drawn, and run."""

import streamlit as st

from app.choices import open_page
from app.errors import shown
from app.pipelines import draw_findings, draw_text, settings
from app.session import gesture, workbench
from app.text import t

text = draw_text()
with shown():
    findings = workbench().check(text)

draw_findings(text, findings)
if not findings["problems"]:
    chosen = settings()
    if st.button(t("pipelines.run"), type="primary", key="pipelines.run", icon=":material/play_arrow:"):
        with shown():
            run = workbench().run(text, **chosen, key=gesture("pipelines.run"))
        open_page("runs", run=run.id)
