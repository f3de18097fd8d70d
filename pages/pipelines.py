"""Pipelines, as the workbench keeps them.

On top which pipeline, with a new one and what can be done to it; a line of tools (add a step, undo, redo, tidy, how
to run, Run) and whether all is saved; the canvas; below it the step that was clicked with its form, ports and output,
or everything that is wrong, the file, the Python, or the versions.
"""

import streamlit as st

from app.errors import shown
from app.pipelines import (
    draw_choice,
    draw_conflict,
    draw_designer,
    draw_missing_samples,
    draw_toolbar,
    look,
    run_asked,
)

line = st.container(horizontal=True, gap="small")
name = draw_choice(line)
with shown():
    sight = look(name)

with st.container():  # what comes and goes leaves what is below in its place
    draw_conflict(sight)
draw_toolbar(sight, line)
with st.container(), shown():
    draw_missing_samples(sight)
draw_designer(sight)
with shown():
    run_asked(sight)
