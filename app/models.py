"""One model version on a screen: its card, its alias, its way into a service."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app import work
from app.choices import page_link
from app.errors import shown
from app.previews import draw_table, short, table_of
from app.session import workbench
from app.text import plain, t, word

_DEPLOY = "deploy"
Version = Mapping[str, Any]


def draw_card(version: Version) -> None:
    """Draw where a version comes from, what it asks and what it answers."""
    if version["damage"]:
        st.error(plain(version["damage"]), icon=":material/error:")
    replay = version["replay"]
    difference = short(float(replay["max_abs_difference"] or 0))
    told = t("models.replay_is", rows=f"{replay['rows']:,}", difference=difference)
    st.markdown(f":material/verified: **{t('models.replay')}**: {told}")
    page_link("runs", t("models.from_run", node=version["node"], run=version["run"]), run=version["run"])
    keys = [t(f"models.{key}") for key in ("name", "type", "examples")]
    rows = [
        (field["name"], field["type"], ", ".join(map(str, field["top"] or field["examples"])))
        for field in version["signature"]["inputs"]
    ]
    st.subheader(t("models.inputs"))
    draw_table(table_of(keys, rows), "inputs")
    st.subheader(t("models.outputs"))
    draw_table(table_of(keys[:2], [(f["name"], f["type"]) for f in version["signature"]["outputs"]]), "outputs")


def draw_promote(version: Version) -> None:
    """Offer to make a version the champion, unless it is."""
    if "champion" in version["aliases"]:
        st.markdown(t("models.promoted", version=version["version"]))
    elif st.button(t("models.promote"), key="models.promote", icon=":material/trophy:"):
        with shown():
            workbench().models.promote(version["name"], version["version"])
        st.rerun()


def draw_deploy(version: Version) -> None:
    """Offer to deploy a version, and follow that."""
    field, button = st.columns([3, 1], vertical_alignment="bottom")
    name = field.text_input(t("models.service"), version["name"], key="models.service")
    asked = button.button(
        t("models.deploy"), type="primary", key="models.deploy", disabled=work.busy(_DEPLOY), width="stretch"
    )
    if asked:
        service = name or version["name"]
        work.begin(_DEPLOY, {"model": version["name"], "name": service, "version": version["version"]}, service)
        st.rerun()
    work.followed(_DEPLOY, t("models.deploying"), _draw_deployed)


def _draw_deployed(service: Any) -> None:
    told = t("models.deployed", name=plain(service["name"]), status=word("status", service["status"]))
    st.success(told, icon=":material/check:")
    page_link("services", t("page.services"), service=service["name"])
