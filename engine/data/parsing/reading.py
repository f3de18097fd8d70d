"""What every reader hands on."""

from dataclasses import dataclass

import polars as pl

from engine.data.formats import Finding, Sniffed


@dataclass(frozen=True)
class Reading:
    """Rows still to be computed, rejected lines, and what was noticed."""

    table: pl.LazyFrame
    rejects: pl.DataFrame
    sniffed: Sniffed
    blank_lines: int = 0
    findings: tuple[Finding, ...] = ()
