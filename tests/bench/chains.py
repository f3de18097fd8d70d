"""A chain of twenty nodes that cannot be fused: each is pinned, so that each output is kept before the next begins."""

from pathlib import Path

from engine import Pipeline
from operators.registry import BUILTIN

LENGTH = 20


def make_numbers(path: Path, rows: int = 1000) -> None:
    """Write the small table that the chain reads."""
    path.write_text("a,b\n" + "".join(f"{number},{number % 7}\n" for number in range(rows)))


def chain(dataset: str, *, last: float = 1.0, slow: bool = False) -> Pipeline:
    """Return a read and `LENGTH` nodes after it; `last` changes the last of them.

    In a slow chain each node replaces one column by a longer expression, so that every node has the same work to do.
    """
    pipeline = Pipeline("chain").add("read", BUILTIN.build("read_dataset", {"dataset": dataset}))
    before = "read"
    for number in range(1, LENGTH + 1):
        factor = last if number == LENGTH else 1.0
        expression = f"(a + b) * {factor} + {number}"
        if slow:
            expression = f"sqrt(abs(a * {number} + b)) * {factor} + ln(1 + abs(a + {number})) + exp(-b)"
        name = f"node{number}"
        operator = BUILTIN.build("formula_column", {"name": "c" if slow else f"c{number}", "expression": expression})
        pipeline = pipeline.add(name, operator, pin=True, table=before)
        before = name
    return pipeline
