"""Putting a version behind HTTP: under which name, where, with how much."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import streamlit as st

from app import work
from app.choices import page_link
from app.pickers import pick
from app.session import about, read_only, workbench
from app.states import service_state
from app.text import plain, t

Version = Mapping[str, Any]
Environment = Mapping[str, Any]
_DEPLOY = "deploy"
_WHOLE = 10_000
_RECENT = 10  # deployments that tell how long the next one may take
_HOLDS_NOTHING = ("stopped", "failed", "waiting", "unknown")


def draw_deploy(version: Version) -> None:
    """Draw the form that deploys a version, what stands in the way, and follow it."""
    if version["damage"]:
        return
    fixed = [one for one in workbench().resources()["environments"] if one["policy"] == "fixed"]
    if not fixed:
        st.warning(t("models.no_fixed"), icon=":material/warning:")
        return
    with st.container(border=True):
        st.markdown(f"**{t('models.deploy_title', version=version['version'])}**")
        columns = st.columns([2, 2, 1, 1], vertical_alignment="bottom")
        name = columns[0].text_input(
            t("models.service"), workbench().services.name_for(version["name"]), key=f"models.service.{version['name']}"
        )
        labels = {str(one["name"]): str(one["name"]) for one in fixed}
        chosen = pick(
            t("models.environment"), labels, "models.environment", place=columns[1], help=t("models.about_fixed")
        )
        environment = next(one for one in fixed if one["name"] == chosen)
        share = _draw_share(columns[2:], environment)
        service = name.strip() or workbench().services.name_for(version["name"])
        lacking = short_of(share, environment, _held(service, str(chosen)))
        for resource, values in lacking.items():
            st.warning(t(f"models.short_{resource}", environment=plain(chosen), **values), icon=":material/warning:")
        existing = _existing(service)
        if existing is not None:
            told = {"name": plain(service), "version": existing["version"], "model": plain(existing["model"])}
            st.caption(t("models.replaces", **told))
        busy = work.busy(_DEPLOY, service) or read_only() or bool(lacking)
        key = about("models.deploy", version["name"], version["version"])
        if st.button(t("models.deploy"), type="primary", key=key, icon=":material/rocket_launch:", disabled=busy):
            asked = {"model": version["name"], "name": service, "version": version["version"], "environment": chosen}
            work.begin(_DEPLOY, {**asked, **{key: value for key, value in share.items() if value}}, service)
            st.rerun()
        work.followed(_DEPLOY, expected(service), _draw_deployed, subject=service)


def short_of(
    share: Mapping[str, float | None], environment: Environment, held: Mapping[str, float]
) -> dict[str, dict[str, str]]:
    """Return of which resources an environment has too little: `needed` and `free` in devices, as text.

    Args:
        share: What is asked for, in devices; None for the environment's default, which fits if anything does.
        environment: With `free` in ten-thousandths.
        held: What the service that would be replaced holds already, in devices.
    """
    lacking = {}
    for resource, asked in share.items():
        free = environment["free"][resource] / _WHOLE + held.get(resource, 0.0)
        if asked is not None and asked > free + 1e-9:
            lacking[resource] = {"needed": f"{asked:g}", "free": f"{free:g}"}
    return lacking


def _draw_share(columns: Sequence[Any], environment: Environment) -> dict[str, float | None]:
    quota = {name: environment["quota"].get(name, 0) / _WHOLE for name in ("cpu", "gpu")}
    cpu = columns[0].number_input(
        t("models.cpu"),
        0.01,
        max(0.01, quota["cpu"]),
        None,
        0.05,
        key="models.cpu",
        placeholder=t("models.default_share"),
    )
    gpu = columns[1].number_input(
        t("models.gpu"), 0.0, quota["gpu"], None, 0.05, key="models.gpu", disabled=not quota["gpu"],
        placeholder=t("models.no_gpu"),
    )  # fmt: skip
    return {"cpu": cpu, "gpu": gpu or None}


def expected(service: str) -> str:
    """Return in a sentence how long a deployment may take: by earlier ones, once the serving layer runs."""
    others = [one for one in workbench().services.list() if one["name"] != service]
    if not any(one["status"] in ("starting", "healthy", "unhealthy") for one in others):
        return t("models.deploying_first")
    took = [job["seconds"] for job in workbench().jobs.list(_DEPLOY, limit=_RECENT) if job["status"] == "done"]
    return t("models.deploying_as", seconds=f"{median(took):.0f}") if took else t("models.deploying")


def _existing(service: str) -> Mapping[str, Any] | None:
    return next((one for one in workbench().services.list() if one["name"] == service), None)


def _held(service: str, environment: str) -> dict[str, float]:
    """Return what a service of this name holds, which a new version of it may have."""
    found = _existing(service)
    if found is None or found["environment"] != environment or found["status"] in _HOLDS_NOTHING:
        return {}
    return {name: found["share"][name] / _WHOLE for name in ("cpu", "gpu")}


def _draw_deployed(service: Any) -> None:
    now = _existing(service["name"]) or service  # the answer of the job may be of minutes ago
    told = t("models.deployed", name=plain(service["name"]), status=service_state(now))
    st.success(told, icon=":material/check:")
    page_link("services", t("models.open_service"), service=service["name"])
