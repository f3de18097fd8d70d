"""Operators: the catalogue, or the one that the link names with a form to try."""

import streamlit as st

from app.catalogue import draw_catalogue, draw_operator
from app.errors import shown
from app.session import workbench

name = st.query_params.get("operator")
with shown():
    operators = workbench().operators.list()

if any(entry["name"] == name for entry in operators):
    draw_operator(workbench().operators.show(str(name)))
else:
    draw_catalogue(operators)
