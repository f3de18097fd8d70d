"""The samples that come with Tandem: a table, and a pipeline that suits it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine import Workbench

_ROOT = Path(__file__).resolve().parents[1]
_DATA = _ROOT / "data_samples"
_TEMPLATES = Path(__file__).parent / "templates"


def sample_names() -> list[str]:
    """Return the samples that lie here, the one to begin with first."""
    return [name for name in sorted(templates()) if (_DATA / f"{name}.csv").is_file()]


def load_sample(bench: Workbench, name: str) -> Mapping[str, Any]:
    """Import a sample and return the dataset's document."""
    return bench.datasets.add(name, _DATA / f"{name}.csv")


def templates() -> dict[str, str]:
    """Return the pipelines that suit the samples, as YAML by name."""
    return {path.stem: path.read_text("utf-8") for path in sorted(_TEMPLATES.glob("*.yaml"))}
