"""Which rows of a table are drawn: the arithmetic of splits and samples, on counts and one column.

Every function returns a boolean array of shape (n,), true for the rows drawn (the test side of a split), and depends
on its arguments alone, so that the same rows in the same order give the same draw on every engine.
"""

from typing import Any

import numpy as np
import polars as pl

Mask = np.ndarray[Any, np.dtype[np.bool_]]


def held_out(rows: int, share: float) -> int:
    """Return how many of `rows` are held out: `rows * share`, halves rounded up.

    With two rows or more neither side is empty; a single row stays for training.
    """
    if rows < 2:  # noqa: PLR2004
        return 0
    return min(max(int(rows * share + 0.5), 1), rows - 1)


def sampled(rows: int, *, share: float | None, count: int | None) -> int:
    """Return how many of `rows` a sample has: `count`, or `rows * share` with halves rounded up; at least one of any.

    Never more than there are.
    """
    wanted = count if count is not None else int(rows * (share or 0.0) + 0.5)
    return min(max(wanted, 1), rows)


def random_rows(rows: int, count: int, seed: int) -> Mask:
    """Draw `count` rows at random."""
    mask = np.zeros(rows, dtype=np.bool_)
    mask[np.random.default_rng(seed).permutation(rows)[:count]] = True
    return mask


def stratified_rows(strata: pl.Series, count: int, share: float, seed: int) -> Mask:
    """Draw `count` rows, about `share` of all, at random within each value of `strata`, so that each keeps its share.

    Each value gives its share rounded down; the rows still missing come from the values with the largest
    remainders. Null is a value like any other.
    """
    generator = np.random.default_rng(seed)
    rows = len(strata)
    sizes = pl.DataFrame({"value": strata}).group_by("value").len("size").sort("value")
    exact = sizes["size"].to_numpy() * share
    quota = np.floor(exact).astype(np.int64)
    missing = count - int(quota.sum())
    ties = generator.permutation(len(quota))
    order = np.lexsort((ties, -(exact - quota)))
    quota[order[: max(missing, 0)]] += 1
    drawn = pl.DataFrame({"value": strata, "draw": generator.permutation(rows)}).join(
        sizes.with_columns(quota=pl.Series(quota)), on="value", how="left", nulls_equal=True, maintain_order="left"
    )
    return np.asarray(drawn.select(pl.col("draw").rank("ordinal").over("value") <= pl.col("quota")).to_series())


def latest_rows(moments: pl.Series, share: float) -> Mask:
    """Hold out the latest rows; of equal moments the later row, and a null is before all."""
    mask = np.zeros(len(moments), dtype=np.bool_)
    order = pl.DataFrame({"moment": moments}).select(pl.arg_sort_by("moment", nulls_last=False, maintain_order=True))
    count = held_out(len(moments), share)
    mask[order.to_series().to_numpy()[len(moments) - count :]] = True
    return mask


def whole_groups(groups: pl.Series, share: float, seed: int) -> Mask:
    """Hold out whole groups, in random order, as long as each brings the count nearer to its share.

    With two groups or more neither side is empty. Null is a group like any other.
    """
    sizes = pl.DataFrame({"group": groups}).group_by("group").len("size").sort("group")
    wanted, count = held_out(len(groups), share), 0
    taken: list[int] = []
    for position in np.random.default_rng(seed).permutation(len(sizes)):
        size = int(sizes["size"][int(position)])
        if abs(count + size - wanted) < abs(count - wanted) and len(taken) < len(sizes) - 1:
            taken.append(int(position))
            count += size
    if not taken and len(sizes) > 1:
        taken = [int(np.argmin(sizes["size"].to_numpy()))]
    chosen = sizes[taken].select("group", test=pl.lit(value=True))
    marked = pl.DataFrame({"group": groups}).join(
        chosen, on="group", how="left", nulls_equal=True, maintain_order="left"
    )
    return marked["test"].fill_null(value=False).to_numpy().astype(np.bool_)
