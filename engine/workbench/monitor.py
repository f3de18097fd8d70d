"""Monitoring as a page or a script sees it: which rows are compared with which reference."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from engine.config import Settings, Workspace
from engine.data.values import page
from engine.monitoring import history
from engine.monitoring.drift import Clock, drift_report
from engine.monitoring.lights import light_of, stale
from engine.monitoring.values import DriftReport, Window
from engine.records.database import Records
from engine.serving.services import ServiceDesk, service_name
from engine.stores.models import ModelStore, ModelVersion
from engine.workbench.current_rows import (
    CurrentRows,
    Reference,
    answering,
    captured_rows,
    file_rows,
    join_small,
    reference_of,
)

_WRITTEN_WITHIN = 2.0  # seconds after which rows that were asked have been written
_URGENT = ("red", "amber", "grey", "green")


class MonitorDesk:
    """Compares what a service is asked with the reference that travels with its model.

    Args:
        workspace: Where captures lie.
        records: Where reports are kept.
        models: Where references are.
        services: What is watched.
        settings: Project and actor of reports.
    """

    def __init__(
        self, workspace: Workspace, records: Records, models: ModelStore, services: ServiceDesk, settings: Settings
    ) -> None:
        self._workspace = workspace
        self._records = records
        self._models = models
        self._services = services
        self._settings = settings

    def check(
        self,
        service: str,
        against: str | Path | None = None,
        *,
        label: str | None = None,
        window: Window | None = None,
    ) -> DriftReport:
        """Compare rows with the reference of the version a service runs, keep the report and return it.

        Args:
            service: Name of the service.
            against: A file of rows; what the service was asked when None.
            label: What the file is called, for people; its own name when None.
            window: Which of the rows that it was asked; by default the day up to the newest, and as many days more as
                it takes until there are 200.

        Raises:
            ReadOnlyError: No report can be kept.
            NotFoundError: No such service.
            UnreadableFileError: The file is no table.
        """
        return self._check(service, against, label, window)[0]

    def checked(
        self,
        service: str,
        against: str | Path | None = None,
        *,
        label: str | None = None,
        window: Window | None = None,
        key: str,
    ) -> dict[str, Any]:
        """Do as `check`, once for each key, and return what a list shows of the report.

        Returns:
            `{"service", "at", "window", "action", "drifted"}`; `at` names the report in `history`.
        """
        made = history.made_for(self._records, service, key)
        if made is None:
            report, at = self._check(service, against, label, window, key)
            made = history.made_for(self._records, service, key) or {"at": at, **report.document()}
        return {name: made.get(name) for name in ("service", "at", "window", "action", "drifted")}

    def _check(
        self,
        service: str,
        against: str | Path | None,
        label: str | None,
        window: Window | None,
        key: str | None = None,
    ) -> tuple[DriftReport, float]:
        self._workspace.require_writable()
        found = self._services.show(service)
        version = self._models.get(found["model"], found["version"])
        reference = reference_of(self._models.reference(version.name, version.version), version)
        if against is None:
            current = self._asked(found, version, reference, window or Window())
        else:
            current = file_rows(Path(against), self._workspace.scratch, label, version)
        report = drift_report(
            reference.table,
            current.table,
            service=service,
            window=current.text,
            predictions=(*reference.answers, *current.answers),
            ignore=_answer(version, reference.table),
            clock=Clock(now=current.until, before=datetime.fromtimestamp(version.created, UTC)),
        ).model_copy(update={"selection": current.selection})
        project, actor = self._settings.project, self._settings.actor
        return report, history.keep(self._records, report, project=project, actor=actor, key=key)

    def history(self, service: str, limit: int = 100) -> list[Mapping[str, Any]]:
        """Return the newest reports of a service, newest first, each with `at` and its `light`."""
        found = history.history(self._records, service, limit=limit)
        return [{**report, "light": light_of(report)} for report in found]

    def overview(self) -> list[dict[str, Any]]:
        """Return one light per service, those that need looking at first.

        `[{"service", "model", "version", "status", "light", "stale", "at", "rows", "report"}]`; `light` is `red`,
        `amber`, `green` or `grey`, `report` the newest one without its columns, None where there is none. `stale` says
        why what that found is not known any more, see `engine.monitoring.lights.stale`; the light is grey then.
        """
        from engine.serving.compaction import asked_until

        found = []
        for service in self._services.list():
            name = service["name"]
            newest = next(iter(self.history(name, limit=1)), None)
            old = stale(newest, service, asked_until(self._workspace.captures / name))
            known = {key: service[key] for key in ("model", "version", "status")}
            light = "grey" if old else light_of(newest)
            found.append({"service": name, **known, "light": light, "stale": old, **_brief(newest)})
        return sorted(found, key=lambda one: (_URGENT.index(one["light"]), one["service"]))

    def traffic(self, service: str, *, minutes: float = 5.0) -> dict[str, Any]:
        """Return requests a second, times and failures of the last minutes, see `engine.serving.traffic`."""
        from engine.serving.traffic import traffic

        return traffic(self._workspace.captures / service_name(service), minutes=minutes)

    def dropped(self, service: str) -> dict[str, Any]:
        """Return how many rows it was asked could not be kept lately: `{"rows", "first", "last"}`, see `captures`."""
        from engine.serving.captures import dropped_rows

        return dropped_rows(self._workspace.captures / service_name(service))

    def captured(self, service: str, *, rows: int = 50) -> dict[str, Any]:
        """Return the newest rows that a service was asked, with its answers: `{"columns", "rows", "total_rows"}`.

        The newest first.
        """
        from engine.serving.captured import newest

        table, total = newest(self._workspace.captures, service_name(service), rows)
        found = page(table, rows=rows, total=table.height)
        return {**found, "total_rows": total, "truncated": total is None}

    def captured_services(self) -> list[dict[str, Any]]:
        """Return the services of which rows are kept, by name: `[{"service", "files", "bytes"}]`."""
        from engine.serving.compaction import capture_files

        found = []
        for folder in sorted(path for path in self._workspace.captures.glob("*") if path.is_dir()):
            files = capture_files(folder)
            if files:
                size = sum(file.path.stat().st_size for file in files)
                found.append({"service": folder.name, "files": len(files), "bytes": size})
        return found

    def _asked(
        self, service: Mapping[str, Any], version: ModelVersion, reference: Reference, window: Window
    ) -> CurrentRows:
        """Return the rows this version was asked; where there are none yet, wait for those just asked."""
        folder = self._workspace.captures / service_name(service["name"])
        deadline = time.monotonic() + _WRITTEN_WITHIN
        join_small(folder)
        who = answering(version, reference, service["history"])
        while not (rows := captured_rows(folder, who, window)).selection.of_rows and time.monotonic() < deadline:
            time.sleep(0.1)
        return rows


def _brief(report: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a list shows of a report."""
    if report is None:
        return {"at": None, "rows": None, "report": None}
    without = {name: value for name, value in report.items() if name != "columns"}
    drifted = sum(column["drifted"] for column in report["columns"])
    return {"at": report["at"], "rows": report["rows"], "report": {**without, "drifted_columns": drifted}}


def _answer(version: ModelVersion, reference: pl.DataFrame) -> tuple[str, ...]:
    """Return the target, which a file may hold beside the rows, unless the model is asked about it."""
    return () if version.target in reference.columns else (version.target,)
