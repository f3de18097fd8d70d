"""Tables that are shown, as files that a spreadsheet opens without running anything."""

import io

import polars as pl

from engine.data.exporting import flat, without_formulas


def csv_of(table: pl.DataFrame) -> bytes:
    """Return `table` as UTF-8 CSV with a mark; text that a spreadsheet would run as a formula begins with a quote."""
    written = io.BytesIO()
    without_formulas(flat(table.lazy())).collect().write_csv(written, include_bom=True)
    return written.getvalue()
