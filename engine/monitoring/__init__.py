"""What changed since training: a reference against current rows."""

from engine.monitoring.drift import Clock, drift_report
from engine.monitoring.values import (
    ColumnReport,
    Comparison,
    Diagnosis,
    DriftReport,
    Finding,
    Histogram,
    Selection,
    Window,
)

__all__ = [
    "Clock",
    "ColumnReport",
    "Comparison",
    "Diagnosis",
    "DriftReport",
    "Finding",
    "Histogram",
    "Selection",
    "Window",
    "drift_report",
]
