"""Equal bins over sorted numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def bins_of(ordered: NDArray[Any], bins: int) -> tuple[Floats, NDArray[np.int64]]:
    """Return the edges and the counts of at most `bins` equal bins between the smallest and the largest number.

    Bins are closed at their lower edge, the last one at both. There is a single bin where all numbers are equal, or
    so far apart, or so close together, that their distance cannot be divided. Whole numbers of a short range get
    a bin for each of them.

    Args:
        ordered: Shape (n,), sorted, finite, not empty.
        bins: At least 1.

    Returns:
        Edges, shape (k + 1,), from the smallest to the largest number; counts, shape (k,), whose sum is n.
    """
    low, high = float(ordered[0]), float(ordered[-1])
    if ordered.dtype.kind in "iu" and high - low < bins:
        bins = int(high - low) + 1
    with np.errstate(over="ignore", invalid="ignore"):
        edges = np.linspace(low, high, bins + 1)
        divided = bool(np.all(edges[1:] > edges[:-1]))
    if not divided:
        edges = np.array([low, high])
    places = np.searchsorted(ordered, edges[1:-1], side="left")
    counts = np.diff(np.concatenate(([0], places, [len(ordered)])))
    return edges, counts.astype(np.int64)
