"""From what was noticed about a dataset to a recipe that mends it."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.choices import open_page
from app.errors import shown
from app.features.recipe import begin, recipes_of
from app.session import once, workbench


def mend(dataset: str, fixes: Sequence[Mapping[str, Any]]) -> None:
    """Add the steps that mend what was noticed to the newest recipe of a dataset, or to a new one, and open it."""
    with shown():
        name = once(f"features.mend.{dataset}", lambda: _mended(dataset, fixes))
    open_page("features", dataset=dataset, recipe=name)


def _mended(dataset: str, fixes: Sequence[Mapping[str, Any]]) -> str:
    bench = workbench()
    known = recipes_of(dataset)
    recipe = bench.pipelines.open(known[0] if known else begin(dataset))
    document = bench.features.mended(dataset, recipe["document"], fixes)
    if document != recipe["document"]:
        operation = {"op": "replace", "document": document}
        bench.pipelines.edit(recipe["name"], recipe["revision"], operation, created=recipe["created"])
    return str(recipe["name"])
