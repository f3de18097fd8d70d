"""A pipeline over a sample whose table is not here yet: one button brings it."""

import streamlit as st

from app import work
from app.importing import begin_sample
from app.pipelines.sight import Sight
from app.samples import sample_names
from app.session import read_only, workbench
from app.text import plain, t

_KIND = "sample"


def draw_missing_samples(sight: Sight) -> None:
    """Offer each sample that the pipeline reads and the workspace does not have; draw how its import goes."""
    read = {str((node.get("with") or {}).get("dataset", "")).partition("@")[0] for node in sight.nodes.values()}
    here = {entry["name"] for entry in workbench().datasets.list()}
    for name in [sample for sample in sample_names() if sample in read - here]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(t("pipelines.sample_missing", name=plain(name)), icon=":material/table:")
            off = read_only() or work.busy(_KIND, name)
            if st.button(t("pipelines.load_sample"), key=f"pipelines.load.{name}", type="primary", disabled=off):
                begin_sample(name)
                st.rerun()
        work.followed(_KIND, t("pipelines.loading"), lambda _: None, subject=name)
