"""Tables as files that a spreadsheet opens without running anything."""

import polars as pl

_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


def csv_of(table: pl.DataFrame) -> bytes:
    """Return `table` as UTF-8 CSV with a mark; text that a spreadsheet would run as a formula begins with a quote."""
    flat = table.with_columns(_without_formulas(name) for name, kind in table.schema.items() if kind == pl.String)
    risky = {name: f"'{name}" for name in flat.columns if name.startswith(("=", "+", "-", "@", "\t", "\r"))}
    return flat.rename(risky).write_csv(include_bom=True).encode()


def _without_formulas(name: str) -> pl.Expr:
    column = pl.col(name)
    risky = column.str.contains(_FORMULA) & ~column.str.contains(_NUMBER)
    return pl.when(risky).then(pl.concat_str(pl.lit("'"), column)).otherwise(column).alias(name)
