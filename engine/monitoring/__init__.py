"""What changed since training: a reference against current rows."""

from engine.monitoring.drift import drift_report
from engine.monitoring.values import ColumnReport, Comparison, Diagnosis, DriftReport, Finding, Histogram

__all__ = [
    "ColumnReport",
    "Comparison",
    "Diagnosis",
    "DriftReport",
    "Finding",
    "Histogram",
    "drift_report",
]
