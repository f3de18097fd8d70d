"""The types of what flows between operators: the one table of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from operators.contract.tables import LazyTable
from operators.contract.values.figure import Figure
from operators.contract.values.metrics import Metrics
from operators.contract.values.model import Model
from operators.contract.values.report import Report
from operators.contract.values.samples import Samples
from operators.contract.values.state import State
from operators.contract.values.vectors import Vectors


@dataclass(frozen=True)
class ValueKind:
    """One type.

    Args:
        type: The class that a signature names.
        title: What people call it, by language (`en`, `zh`).
        read: Makes a value of its JSON; None for what is not kept as JSON.
        has_rows: Whether rows that pass a path go through ports of it.
    """

    type: Any
    title: Mapping[str, str]
    read: Callable[[Any], Any] | None = None
    has_rows: bool = False


KINDS: Final[Mapping[str, ValueKind]] = {
    "Table": ValueKind(LazyTable, {"en": "table", "zh": "表"}, has_rows=True),
    "State": ValueKind(State, {"en": "state", "zh": "状态"}, State.model_validate),
    "Model": ValueKind(Model, {"en": "model", "zh": "模型"}),
    "Metrics": ValueKind(Metrics, {"en": "metrics", "zh": "指标"}, Metrics),
    "Figure": ValueKind(Figure, {"en": "figure", "zh": "图表"}, Figure.model_validate),
    "Report": ValueKind(Report, {"en": "report", "zh": "报告"}, Report),
    "Samples": ValueKind(Samples, {"en": "samples", "zh": "样本"}, Samples),
    "Vectors": ValueKind(Vectors, {"en": "vectors", "zh": "向量"}, Vectors),
}
"""Every type by its name."""
