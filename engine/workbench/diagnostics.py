"""What helps to find out why something does not work: settings with their origin, versions, and all in one document."""

import os
import platform
import re
import sys
import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from engine.config import Settings

PARTS = (
    "tandem-workbench", "streamlit", "ray", "mlflow", "polars", "duckdb", "pyspark", "narwhals", "pyarrow", "numpy",
    "scikit-learn", "lightgbm", "pydantic", "sqlalchemy",
)  # fmt: skip
"""The packages whose versions are told."""


def settings_told(settings: Settings) -> list[dict[str, Any]]:
    """Return `[{"name", "variable", "value", "origin"}]` of the settings that only the environment can change.

    A password in an address is not told.
    """
    found = []
    for name in type(settings).model_fields:
        variable = f"TANDEM_{name.upper()}"
        origin = "environment" if variable in os.environ else "default"
        found.append({"name": name, "variable": variable, "value": _told(getattr(settings, name)), "origin": origin})
    return found


def versions() -> dict[str, str]:
    """Return the version of Python, of the platform, and of each part; a part that is missing is left out."""
    found = {"python": sys.version.split()[0], "platform": platform.platform()}
    for part in PARTS:
        try:
            found[part] = version(part)
        except PackageNotFoundError:
            continue
    return found


def bundled(doctor: Mapping[str, Any], settings: Settings, preferences: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything that helps somebody else to help, without secrets and without data."""
    return {
        "made": time.time(),
        "versions": versions(),
        "doctor": dict(doctor),
        "settings": settings_told(settings),
        "preferences": dict(preferences),
    }


def _told(value: Any) -> str | None:
    return None if value is None else re.sub(r"(?<=://)[^/@]*@", "***@", str(value))
