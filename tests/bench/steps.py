"""The twelve table operators of the claim, and the same steps written by hand in Polars.

Both keep the promises of the operators: the keys of a grouping are sorted with nulls last, equal rows keep
their order in a sort.
"""

from pathlib import Path

import polars as pl

from engine.graph.pipeline import Pipeline
from operators.registry import BUILTIN

SHOPS = 400
CHANNELS = ["app", "phone", "shop", "web"]
SIZE = "CASE WHEN gross > 300 THEN 'large' WHEN gross > 60 THEN 'middle' ELSE 'small' END"


def make_sales(rows: int, path: Path) -> None:
    """Write a table of `rows` x 12: integers, floats with nulls, text, dates."""
    import numpy as np

    random = np.random.default_rng(1)
    discount = random.random(rows).round(3)
    pl.DataFrame(
        {
            "id": np.arange(rows),
            "shop": random.integers(0, SHOPS, rows, dtype=np.int32),
            "product": random.integers(0, 5000, rows, dtype=np.int32),
            "quantity": random.integers(0, 12, rows, dtype=np.int32),
            "price": (random.random(rows) * 80).round(2),
            "discount": pl.Series(discount).set(pl.Series(discount > 0.7), None),
            "tax": random.choice([0.07, 0.19], rows),
            "weight": (random.random(rows) * 20).round(3),
            "rating": random.normal(3.5, 1, rows).round(1),
            "channel": pl.Series(CHANNELS).gather(random.integers(0, 4, rows)),
            "member": random.random(rows) < 0.3,
            "day": pl.Series(random.integers(20_000, 20_365, rows, dtype=np.int32)).cast(pl.Date),
        }
    ).write_parquet(path, compression="zstd", statistics=False)


def make_shops(path: Path) -> None:
    """Write the small table that is joined: one row for each shop."""
    regions = [f"region {number % 9}" for number in range(SHOPS)]
    numbers = pl.int_range(SHOPS, dtype=pl.Int32, eager=True)
    pl.DataFrame({"shop": numbers, "region": regions}).write_parquet(path)


def pipeline(ending: str) -> Pipeline:
    """Return the twelve operators after two reads; `ending` is `grouped` (few rows out) or `rows` (many)."""
    steps = [
        ("filter_rows", {"expression": "quantity > 0 AND price > 1"}),
        ("formula_column", {"name": "net", "expression": "price * quantity * (1 - coalesce(discount, 0))"}),
        ("formula_column", {"name": "gross", "expression": "net * (1 + tax)"}),
        ("cast_types", {"types": {"quantity": "float64", "product": "int64"}}),
        ("rename_columns", {"names": {"product": "product_id", "weight": "kilograms"}}),
        ("join_tables", {"how": "left", "on": ["shop"]}),
        (
            "formula_column",
            {"name": "size", "expression": SIZE},
        ),
        ("filter_rows", {"expression": "channel <> 'phone'"}),
        ("formula_column", {"name": "heavy", "expression": "kilograms * quantity > 50"}),
        ("select_columns", {"columns": ["rating", "tax"], "mode": "drop"}),
        *_ENDINGS[ending],
    ]  # fmt: skip
    graph = Pipeline("sales").add("sales", BUILTIN.build("read_dataset", {"dataset": "sales"}))
    graph = graph.add("shops", BUILTIN.build("read_dataset", {"dataset": "shops"}))
    before = "sales"
    for number, (name, parameters) in enumerate(steps, start=1):
        ports = {"left": before, "right": "shops"} if name == "join_tables" else {"table": before}
        before = f"step{number}"
        graph = graph.add(before, BUILTIN.build(name, parameters), **ports)
    return graph


_ENDINGS = {
    "grouped": [
        (
            "group_aggregate",
            {
                "by": ["region", "size"],
                "aggregations": [
                    {"function": "sum", "column": "gross", "name": "gross"},
                    {"function": "mean", "column": "net", "name": "net"},
                    {"function": "rows", "name": "rows"},
                ],
            },
        ),
        ("sort_rows", {"by": ["gross"], "descending": True}),
    ],
    "rows": [
        ("formula_column", {"name": "unit", "expression": "gross / quantity"}),
        ("filter_rows", {"expression": "unit < 70"}),
    ],
}


def by_hand(sales: Path, shops: Path, ending: str) -> pl.LazyFrame:
    """Return the same twelve steps as one Polars lazy query."""
    table = (
        pl.scan_parquet(sales)
        .filter((pl.col("quantity") > 0) & (pl.col("price") > 1))
        .with_columns(net=pl.col("price") * pl.col("quantity") * (1 - pl.col("discount").fill_null(0)))
        .with_columns(gross=pl.col("net") * (1 + pl.col("tax")))
        .with_columns(pl.col("quantity").cast(pl.Float64), pl.col("product").cast(pl.Int64))
        .rename({"product": "product_id", "weight": "kilograms"})
        .join(pl.scan_parquet(shops), on="shop", how="left", maintain_order="left")
        .with_columns(
            size=pl.when(pl.col("gross") > 300)
            .then(pl.lit("large"))
            .when(pl.col("gross") > 60)
            .then(pl.lit("middle"))
            .otherwise(pl.lit("small"))
        )
        .filter(pl.col("channel") != "phone")
        .with_columns(heavy=pl.col("kilograms") * pl.col("quantity") > 50)
        .drop("rating", "tax")
    )
    if ending == "rows":
        return table.with_columns(unit=pl.col("gross") / pl.col("quantity")).filter(pl.col("unit") < 70)
    figures = [pl.col("gross").sum(), pl.col("net").mean(), pl.len().cast(pl.Int64).alias("rows")]
    grouped = table.group_by("region", "size").agg(*figures).sort("region", "size", nulls_last=True)
    return grouped.sort("gross", descending=True, nulls_last=True, maintain_order=True)
