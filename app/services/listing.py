"""Every service as a table whose rows open one."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.picking import draw_pickable
from app.previews import moment, table_of
from app.session import choose
from app.states import service_state
from app.text import t

Service = Mapping[str, Any]


def draw_services(services: Sequence[Service]) -> None:
    """Draw services as a table; the row that is clicked becomes the service of the page."""
    keys = ("service", "status", "model", "version", "environment", "cpu", "gpu", "seen", "updated", "url")
    rows = [
        (
            service["name"], service_state(service), service["model"], service["version"],
            service["environment"], service["share"]["cpu"] / 10_000, service["share"]["gpu"] / 10_000,
            moment(service["seen_at"]), moment(service["updated"]), service["url"] or None,
        )
        for service in services
    ]  # fmt: skip
    table = table_of([t(f"services.{key}") for key in keys], rows)
    clicked = draw_pickable(table, [service["name"] for service in services], "services")
    if clicked:
        choose("service", clicked)
