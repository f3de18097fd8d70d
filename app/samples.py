"""The samples that come with Tandem: a table, and a pipeline that suits it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parents[1] / "data_samples"
"""The package beside this one that holds the tables."""
_TEMPLATES = Path(__file__).parent / "templates"


def sample_names() -> list[str]:
    """Return the samples that lie here, the one to begin with first."""
    return [name for name in sorted(templates()) if (SAMPLES / f"{name}.csv").is_file()]


def sample_job(name: str) -> Mapping[str, Any]:
    """Return the arguments of the job that imports a sample."""
    return {"name": name, "file": str(SAMPLES / f"{name}.csv")}


def training_job(name: str) -> Mapping[str, Any]:
    """Return the arguments of the job that imports a sample and runs the pipeline that suits it."""
    return {**sample_job(name), "pipeline": templates()[name]}


def templates() -> dict[str, str]:
    """Return the pipelines that suit the samples, as YAML by name."""
    return {path.stem: path.read_text("utf-8") for path in sorted(_TEMPLATES.glob("*.yaml"))}
