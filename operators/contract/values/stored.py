"""What a stored model is made of, by names that stay when files move.

A class that is kept in models has a line in `PLACES`: its name is what is written, and never changes; its place is
where it stands today. `FORMER` says where such classes stood when pickles named them by module.
"""

import functools
import importlib
from collections.abc import Mapping

PLACES: Mapping[str, str] = {
    "model": "operators.contract.values.model:Model",
    "column": "operators.contract.tables:Column",
    "step": "operators.contract.step:Step",
    "learnt": "operators.learners.learnt:Learnt",
    "encoder": "operators.learners.encoding:Encoder",
    "number_column": "operators.learners.encoding:NumberColumn",
    "category_column": "operators.learners.encoding:CategoryColumn",
    "mean_column": "operators.learners.encoding:MeanColumn",
    "forest": "operators.learners.random_forest:Forest",
    "boosted": "operators.learners.lightgbm:Boosted",
    "clusters": "operators.learners.clusters:Clusters",
    "centres": "operators.learners.clusters:Centres",
    "mixture": "operators.learners.clusters:Mixture",
}
"""Where each stored class stands, as `module:class`, by its name in files."""

FORMER: Mapping[str, str] = {
    "operators.model:Model": "model",
    "operators.tables:Column": "column",
    "operators.path:Step": "step",
    "operators.learners.learnt:Learnt": "learnt",
    "operators.learners.encoding:Encoder": "encoder",
    "operators.learners.encoding:NumberColumn": "number_column",
    "operators.learners.encoding:CategoryColumn": "category_column",
    "operators.learners.encoding:MeanColumn": "mean_column",
    "operators.learners.random_forest:Forest": "forest",
    "operators.learners.clusters:Clusters": "clusters",
    "operators.learners.clusters:Centres": "centres",
    "operators.learners.clusters:Mixture": "mixture",
}
"""Names of what pickles called by its place, up to 2026-11-29; a place that is left is added here."""


def class_at(name: str) -> type:
    """Return the class that files call `name`.

    Raises:
        KeyError: No class is called so.
    """
    module, _, attribute = PLACES[name].partition(":")
    found: type = getattr(importlib.import_module(module), attribute)
    return found


def name_of(kind: type) -> str | None:
    """Return what files call a class; None for one that has no name there."""
    return _names().get(f"{kind.__module__}:{kind.__qualname__}")


@functools.cache
def _names() -> Mapping[str, str]:
    return {place: name for name, place in PLACES.items()}
