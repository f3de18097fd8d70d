"""Lanes: bars that overlap in time lie beside each other, and none hides another."""

from collections.abc import Sequence


def lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """Return for each span, given as its closed begin and its open end, the lane it lies in, from 0.

    No two spans of one lane overlap, and there are as few lanes as can be: each span, by its begin, takes the lowest
    lane that is free (interval partitioning, Kleinberg and Tardos, Algorithm Design, 4.1). One without length takes
    its lane from none that begins where it is.
    """
    found = [0] * len(spans)
    ends: list[float] = []
    for place in sorted(range(len(spans)), key=lambda at: spans[at]):
        begin, end = spans[place]
        lane = next((number for number, until in enumerate(ends) if until <= begin), len(ends))
        ends[lane : lane + 1] = [max(end, begin)]
        found[place] = lane
    return found
