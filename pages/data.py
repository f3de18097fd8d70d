"""Datasets: bring files in, and look at what is kept."""

import streamlit as st

from app.choices import view
from app.datasets import VIEWS, choose_dataset, draw_dataset, draw_datasets
from app.errors import shown
from app.exports import draw_exports
from app.importing import draw_import, draw_samples
from app.session import linked, workbench
from app.text import t

with shown():
    datasets = workbench().datasets.list()

if not datasets:
    st.info(t("data.empty"), icon=":material/lightbulb:")

own = linked("add")
draw_samples(expanded=not datasets and not own)
draw_import(expanded=not datasets or own)

if datasets:
    draw_datasets(datasets)
    with shown():
        ref = choose_dataset(datasets)
    draw_dataset(ref, view(t("data.view"), list(VIEWS), "data_view"))

draw_exports()
