"""Where nodes lie on the canvas: in layers from left to right, each right of what feeds it.

The usual four steps of layered drawing (Sugiyama, Tagawa and Toda, 1981): layers by the longest path, places
held free in the layers that a long link crosses, an order in each layer by the mean of the neighbours, then heights.
The canvas draws each link as one curve, so at the end nodes that still lie on a curve move aside.
"""

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

Feeds = Mapping[str, Sequence[str]]
"""The nodes that feed each node."""
Position = tuple[float, float]

WIDTH: Final = 154.0
HEIGHT: Final = 64.0
STEP: Final = (WIDTH + 32, HEIGHT + 26)
"""Pixels of a node, and from one to the next in both directions."""
LINE: Final = 5
"""Layers in a line of a pipeline that has too many for one; five can be read in a window of 1024 pixels."""
_LONGEST: Final = 6  # layers that still lie in one line
_ORIGIN: Final = (56.0, 24.0)  # right of the controls
_SWEEPS: Final = 8
_ROUNDS: Final = 40  # of moving nodes off curves
_SMALL, _PASSES, _REACH = 24, 4, 4  # nodes of a graph that is polished; how often; rows that a node may move to
_CLEAR: Final = 6.0  # pixels between a curve and a node

_Cell = tuple[str, int]  # a node, or the place its link holds in a layer that it crosses


def layered(feeds: Feeds) -> dict[str, Position]:
    """Return the position of the upper left corner of each node, in pixels; equal graphs give equal positions.

    Args:
        feeds: For each node those that feed it; ones that are no key are left out, and circles do no harm.
    """
    return dict(_layered(tuple((node, tuple(dict.fromkeys(sources))) for node, sources in feeds.items())))


@functools.lru_cache(maxsize=256)
def _layered(graph: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, Position]:
    names = {node for node, _ in graph}
    feeds = {node: [one for one in sources if one in names] for node, sources in graph}
    layer = _layers(feeds)
    rows = _rows(feeds, layer)
    _clear(feeds, layer, rows)
    if len(feeds) <= _SMALL:
        _polish(feeds, layer, rows)
    columns, rows = _wrapped(layer, rows)
    return {node: (_ORIGIN[0] + columns[node] * STEP[0], round(_ORIGIN[1] + rows[node] * STEP[1], 1)) for node in feeds}


def _wrapped(layer: Mapping[str, int], rows: Mapping[str, float]) -> tuple[dict[str, int], dict[str, float]]:
    """Return column and row of each node, from 0: layers that are too many go on below, each line back from the last.

    So the line turns at its end, and a link to the next line is short.
    """
    width = LINE if max(layer.values(), default=0) >= _LONGEST else _LONGEST
    lines: dict[int, list[str]] = {}
    for node, depth in layer.items():
        lines.setdefault(depth // width, []).append(node)
    columns, placed_rows, below = {}, {}, 0.0
    for line in sorted(lines):
        top = min(rows[node] for node in lines[line])
        for node in lines[line]:
            place = layer[node] % width
            columns[node] = width - 1 - place if line % 2 else place
            placed_rows[node] = below + rows[node] - top
        below += max(rows[node] for node in lines[line]) - top + 1
    return columns, placed_rows


def leftward(feeds: Feeds, positions: Mapping[str, Position]) -> set[str]:
    """Return the nodes whose line goes from right to left: by what they feed, else by what feeds them.

    A node that has nothing beside it, only above and below, turns the line of what feeds it.
    """
    fed: dict[str, list[str]] = {node: [] for node in feeds}
    for node, sources in feeds.items():
        for source in sources:
            if source in fed:
                fed[source].append(node)
    ways = {
        node: _ahead(node, fed[node], positions) or -_ahead(node, sources, positions) for node, sources in feeds.items()
    }
    turning = {node for node, way in ways.items() if not way and any(ways.get(one, 0) > 0 for one in feeds[node])}
    return {node for node, way in ways.items() if way < 0} | turning


def _ahead(node: str, others: Iterable[str], positions: Mapping[str, Position]) -> float:
    """Return how far right of a node others lie, as a mean in pixels; 0 where they are above, below or none."""
    far = [positions[one][0] - positions[node][0] for one in others if one in positions]
    mean = sum(far) / len(far) if far else 0.0
    return mean if abs(mean) > WIDTH / 2 else 0.0


def placed(feeds: Feeds, layout: Mapping[str, Position]) -> dict[str, Position]:
    """Return a position for every node: its own where it has one, else a free one by what feeds it."""
    if not any(node in layout for node in feeds):
        return layered(feeds)
    found = {node: (float(at[0]), float(at[1])) for node, at in layout.items() if node in feeds}
    for node in sorted(feeds.keys() - found.keys(), key=list(feeds).index):
        fed = [found[one] for one in feeds[node] if one in found]
        x = max((at[0] for at in fed), default=_ORIGIN[0] - STEP[0]) + STEP[0]
        y = fed[0][1] if fed else _ORIGIN[1]
        while any(abs(x - at[0]) < WIDTH and abs(y - at[1]) < HEIGHT for at in found.values()):
            y += STEP[1]
        found[node] = (x, y)
    return {node: found[node] for node in feeds}


def covered(feeds: Feeds, positions: Mapping[str, Position]) -> list[tuple[str, str, str]]:
    """Return each link `(from, to, node)` that passes under a node which it does not belong to."""
    return [
        (source, target, node)
        for target, sources in feeds.items()
        for source in sources
        if source in positions
        for node in positions
        if node not in (source, target) and _hits(positions[source], positions[target], positions[node])
    ]


def _layers(feeds: Feeds) -> dict[str, int]:
    """Return the length of the longest path to each node; a node without sources lies beside what it feeds."""
    layer = dict.fromkeys(feeds, 0)
    for _ in feeds:
        deeper = {node: max((layer[one] + 1 for one in sources), default=0) for node, sources in feeds.items()}
        if deeper == layer:
            break
        layer = {node: min(depth, len(feeds) - 1) for node, depth in deeper.items()}
    for node, sources in feeds.items():
        fed = [layer[target] for target, others in feeds.items() if node in others]
        if not sources and fed:
            layer[node] = max(0, min(fed) - 1)
    return layer


def _rows(feeds: Feeds, layer: Mapping[str, int]) -> dict[str, float]:
    """Return the row of each node: an order in each layer that follows the neighbours, spread around the middle."""
    links = list(_links(feeds, layer))
    columns: dict[int, list[_Cell]] = {}
    for cell, depth in _cells(feeds, layer):
        columns.setdefault(depth, []).append(cell)
    near: dict[_Cell, list[_Cell]] = {}
    for one, other in links:
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    place = {cell: index - (len(cells) - 1) / 2 for cells in columns.values() for index, cell in enumerate(cells)}
    for sweep in range(_SWEEPS):
        for depth in sorted(columns, reverse=bool(sweep % 2)):
            wish = {cell: _middle([place[one] for one in near.get(cell, ())], place[cell]) for cell in columns[depth]}
            columns[depth].sort(key=lambda cell: wish[cell])
            _spread(columns[depth], wish, place)
    return {node: place[node, layer[node]] for node in feeds}


def _spread(cells: Sequence[_Cell], wish: Mapping[_Cell, float], place: dict[_Cell, float]) -> None:
    """Give each cell of a layer the row it wishes, at least one below the cell before, moved back to the middle."""
    rows: list[float] = []
    for cell in cells:
        rows.append(max(wish[cell], rows[-1] + 1) if rows else wish[cell])
    back = sum(row - wish[cell] for row, cell in zip(rows, cells, strict=True)) / len(cells)
    for cell, row in zip(cells, rows, strict=True):
        place[cell] = round((row - back) * 2) / 2


def _clear(feeds: Feeds, layer: Mapping[str, int], rows: dict[str, float]) -> None:
    """Move nodes that lie on a curve, or on each other, half a row at a time to the nearer side."""
    crossed: dict[int, list[str]] = {}
    for node, depth in layer.items():
        crossed.setdefault(depth, []).append(node)
    long = [(one, target) for target, sources in feeds.items() for one in sources if layer[target] - layer[one] > 1]
    for _ in range(_ROUNDS):
        hidden = 0
        for source, target in long:
            ends = [(layer[one] * STEP[0], rows[one] * STEP[1]) for one in (source, target)]
            for node in (one for depth in range(layer[source] + 1, layer[target]) for one in crossed.get(depth, ())):
                if _hits(ends[0], ends[1], (layer[node] * STEP[0], rows[node] * STEP[1])):
                    rows[node] += 0.5 if rows[node] > (rows[source] + rows[target]) / 2 else -0.5
                    hidden += 1
        crowded = _apart(layer, rows)
        if not hidden and not crowded:
            return


def _apart(layer: Mapping[str, int], rows: dict[str, float]) -> bool:
    """Move nodes of a layer that overlap apart; return whether there were any."""
    moved = False
    for depth in set(layer.values()):
        column = sorted((node for node in layer if layer[node] == depth), key=lambda node: rows[node])
        for above, below in itertools.pairwise(column):
            if rows[below] < rows[above] + 1:
                rows[below], moved = rows[above] + 1, True
    return moved


def _polish(feeds: Feeds, layer: Mapping[str, int], rows: dict[str, float]) -> None:
    """Move one node, or swap two of a layer, as long as that makes the picture better; for small graphs."""
    best = _cost(feeds, layer, rows)
    for _ in range(_PASSES):
        before = best
        for node in feeds:
            beside = {other: rows[other] for other in feeds if layer[other] == layer[node] and other != node}
            places = [place / 2 for place in range(-2 * _REACH, 2 * _REACH + 1)]
            trials = [{node: place} for place in places if all(abs(place - row) >= 1 for row in beside.values())]
            trials += [{node: row, other: rows[node]} for other, row in beside.items()]
            cost, trial = min(
                ((_cost(feeds, layer, {**rows, **trial}), trial) for trial in trials), key=lambda one: one[0]
            )
            if cost < best:
                best = cost
                rows.update(trial)
        if best == before:
            return


def _cost(feeds: Feeds, layer: Mapping[str, int], rows: Mapping[str, float]) -> float:
    """Return how bad a picture is: nodes on curves, curves that cross, then how far links rise and how high it is."""
    positions = {node: (layer[node] * STEP[0], rows[node] * STEP[1]) for node in feeds}
    links = [(source, target) for target, sources in feeds.items() for source in sources]
    rise = sum(abs(rows[source] - rows[target]) for source, target in links)
    crossed = sum(
        layer[a] == layer[c] and (rows[a] - rows[c]) * (rows[b] - rows[d]) < 0
        for (a, b), (c, d) in itertools.combinations(links, 2)
    )
    return 100 * len(covered(feeds, positions)) + 4 * crossed + rise + 0.1 * (max(rows.values()) - min(rows.values()))


def _cells(feeds: Feeds, layer: Mapping[str, int]) -> Iterator[tuple[_Cell, int]]:
    for node in feeds:
        yield (node, layer[node]), layer[node]
    for target, sources in feeds.items():
        for source in sources:
            for depth in range(layer[source] + 1, layer[target]):
                yield (f"{source}\n{target}", depth), depth


def _links(feeds: Feeds, layer: Mapping[str, int]) -> Iterator[tuple[_Cell, _Cell]]:
    for target, sources in feeds.items():
        for source in sources:
            between = [(f"{source}\n{target}", depth) for depth in range(layer[source] + 1, layer[target])]
            path = [(source, layer[source]), *between, (target, layer[target])]
            yield from itertools.pairwise(path)


def _middle(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _hits(source: Position, target: Position, node: Position) -> bool:
    """Return whether the curve between two nodes passes under a third: a cubic with level ends, as React Flow draws."""
    start, end = (source[0] + WIDTH, source[1] + HEIGHT / 2), (target[0], target[1] + HEIGHT / 2)
    if node[0] >= end[0] or node[0] + WIDTH <= start[0] or end[0] <= start[0]:
        return False  # beside it; or backwards, in a circle, where the curve goes around
    sides = (node[0] - _CLEAR, node[0] + WIDTH + _CLEAR)
    heights = [start[1] + (end[1] - start[1]) * _risen(round((x - start[0]) / (end[0] - start[0]), 3)) for x in sides]
    return min(heights) < node[1] + HEIGHT + _CLEAR and max(heights) > node[1] - _CLEAR


@functools.cache
def _risen(way: float) -> float:
    """Return the share of its height that the curve has risen when it has gone a share of its way; both in [0, 1]."""
    low, high = 0.0, 1.0
    for _ in range(20):
        part = (low + high) / 2
        low, high = (part, high) if 1.5 * part * (1 - part) + part**3 < way else (low, part)
    return 3 * low**2 - 2 * low**3
