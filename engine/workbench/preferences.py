"""What people prefer: kept with the workspace, overridden by the environment, each value with its origin."""

import os
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.config import Settings, Workspace
from engine.errors import ConfigError
from engine.records.database import Records
from engine.records.environments import every
from engine.records.settings import put_setting, setting
from operators.contract.card import Engine

Origin = Literal["environment", "kept", "default"]

SERVER_ZONE = "server"
ZONES = (SERVER_ZONE, "UTC", *sorted(available_timezones() - {"UTC", "localtime", "Factory"}))
_KEY = "preferences"


class Preferences(BaseModel):
    """What may be set on the screen; `TANDEM_<NAME>` in the environment overrides what is kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    preview_rows: int = Field(100, ge=10, le=1000, multiple_of=10, description="Rows that a preview of a table shows")
    time_zone: Literal[ZONES] = Field(  # type: ignore[valid-type]
        SERVER_ZONE, description="Zone in which moments are shown; that of the server when `server`"
    )
    density: Literal["comfortable", "compact"] = Field("comfortable", description="How close things stand")
    environment: str = Field("train", min_length=1, max_length=64, description="Environment of a new run")
    engine: Engine = Field("polars", description="Engine of a new run's tables")
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Seed of a new run")


class PreferenceDesk:
    """Reads and writes preferences.

    Args:
        workspace: May only be shown.
        records: Where they are kept.
        settings: Project and actor of what is written.
    """

    def __init__(self, workspace: Workspace, records: Records, settings: Settings) -> None:
        self._workspace = workspace
        self._records = records
        self._settings = settings

    def values(self) -> dict[str, Any]:
        """Return each preference as it holds: from the environment, else as kept, else its default.

        What is kept or set but wrong, or names an environment that is gone, does not count.
        """
        return {name: entry["value"] for name, entry in self.list().items()}

    def list(self) -> dict[str, dict[str, Any]]:
        """Return `{name: {"value", "origin", "default", "options"}}`; `options` where it is one of several."""
        with self._records.read() as connection:
            kept = setting(connection, _KEY, {})
            environments = [row.name for row in every(connection)]
        found = {}
        for name in Preferences.model_fields:
            origin, value = self._held(name, kept, environments)
            options = environments if name == "environment" else _options(name)
            default = Preferences.model_fields[name].default
            found[name] = {"value": value, "origin": origin, "default": default, "options": options}
        return found

    def keep(self, name: str, value: Any) -> None:
        """Keep a preference.

        Raises:
            ConfigError: There is no such preference, or it may not be that.
            ReadOnlyError: Nothing may be changed.
        """
        self._workspace.require_writable()
        checked = _checked(name, value)
        with self._records.write() as connection:
            if name == "environment" and checked not in [row.name for row in every(connection)]:
                raise ConfigError(f"There is no environment {checked!r:.80}.", hint="Choose one of the list.")
            self._put(connection, {**setting(connection, _KEY, {}), name: checked})

    def forget(self, name: str) -> None:
        """Let a preference go back to its default.

        Raises:
            ReadOnlyError: Nothing may be changed.
        """
        self._workspace.require_writable()
        with self._records.write() as connection:
            kept = setting(connection, _KEY, {})
            self._put(connection, {key: value for key, value in kept.items() if key != name})

    def _put(self, connection: Any, kept: Mapping[str, Any]) -> None:
        put_setting(connection, _KEY, dict(kept), project=self._settings.project, actor=self._settings.actor)

    def _held(self, name: str, kept: Mapping[str, Any], environments: Sequence[str]) -> tuple[Origin, Any]:
        candidates: tuple[tuple[Origin, Any], ...] = (
            ("environment", os.environ.get(f"TANDEM_{name.upper()}")),
            ("kept", kept.get(name)),
        )
        for origin, value in candidates:
            try:
                checked = None if value is None else _checked(name, value)
            except ConfigError:
                continue
            if checked is not None and (name != "environment" or checked in environments):
                return origin, checked
        default = Preferences.model_fields[name].default
        gone = name == "environment" and environments and default not in environments
        return "default", environments[0] if gone else default


def _checked(name: str, value: Any) -> Any:
    if name not in Preferences.model_fields:
        raise ConfigError(
            f"There is no preference {name!r:.80}.", hint=f"There are {', '.join(Preferences.model_fields)}."
        )
    try:
        return getattr(Preferences(**{name: value}), name)
    except ValidationError as error:
        raise ConfigError(f"{name} cannot be {value!r:.80}.", hint=f"{error.errors()[0]['msg']}.") from error


def _options(name: str) -> tuple[str, ...] | None:
    annotation = Preferences.model_fields[name].annotation
    options = getattr(annotation, "__args__", None)
    return tuple(options) if options else None
