"""What checks of pipelines found, kept as long as nothing that they looked at has changed."""

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.data.datasets import DatasetStore
from engine.data.folders import DataFolders
from engine.errors import EngineError
from engine.graph.bind import Findings, Outside, bind
from engine.graph.pipeline import Pipeline
from engine.records.database import Records
from engine.runs.remember import recall_schemas
from engine.stores.models import ModelStore
from engine.workbench.sources import schemas_of
from operators.contract.card import Source
from operators.contract.operator import Operator
from operators.contract.tables import Schema
from operators.registry import BUILTIN

_KEPT = 32  # findings; those of two hundred nodes of two hundred columns take a few megabytes


@dataclass
class _Look:
    """What a check looked at outside its pipeline; classes of operators are others once code is loaded anew."""

    kinds: Sequence[type[Operator] | None] = ()
    schemas: Mapping[str, Schema | None] = field(default_factory=dict)
    refused: Mapping[str, EngineError] = field(default_factory=dict)
    learnt: dict[str, Mapping[str, Schema | None] | None] = field(default_factory=dict)

    def is_like(self, other: "_Look") -> bool:
        """Return whether both saw the same."""
        reasons = [{ref: (type(error), str(error)) for ref, error in one.refused.items()} for one in (self, other)]
        if any(mine is not theirs for mine, theirs in zip(self.kinds, other.kinds, strict=True)):
            return False
        return self.schemas == other.schemas and reasons[0] == reasons[1] and self.learnt == other.learnt


class KeptFindings:
    """Checks each pipeline once: an edit and the page that shows it share what was found. Safe for threads.

    What lies outside is looked at each time; where it is no longer as it was, the pipeline is checked anew.

    Args:
        records: Where schemas of code written by users are remembered.
        datasets: What pipelines read.
        folders: Out of which they read files.
        models: Registered ones, that pipelines load.
    """

    def __init__(self, records: Records, datasets: DatasetStore, folders: DataFolders, models: ModelStore) -> None:
        self._records = records
        self._datasets = datasets
        self._folders = folders
        self._models = models
        self._lock = threading.Lock()
        self._found: OrderedDict[str, tuple[Findings, _Look]] = OrderedDict()

    def of(self, pipeline: Pipeline) -> Findings:
        """Return what a check of a pipeline finds now."""
        key = _key(pipeline)
        with self._lock:
            kept = self._found.get(key)
        if kept is not None and self._look(kept[0].sources, pipeline, list(kept[1].learnt)).is_like(kept[1]):
            found = kept
        else:
            found = self._checked(pipeline)
        with self._lock:
            self._found[key] = found
            self._found.move_to_end(key)
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)
        return found[0]

    def _checked(self, pipeline: Pipeline) -> tuple[Findings, _Look]:
        look = _Look(_kinds(pipeline))
        recall = recall_schemas(self._records)

        def outside(sources: Sequence[Source]) -> Outside:
            look.schemas, look.refused = schemas_of(sources, pipeline, self._datasets, self._folders, self._models)
            return Outside(look.schemas, look.refused, learnt)

        def learnt(key: str) -> Mapping[str, Schema | None] | None:
            look.learnt[key] = recall(key)
            return look.learnt[key]

        return bind(pipeline, outside), look

    def _look(self, sources: Sequence[Source], pipeline: Pipeline, learnt: Sequence[str]) -> _Look:
        recall = recall_schemas(self._records)
        schemas, refused = schemas_of(sources, pipeline, self._datasets, self._folders, self._models)
        return _Look(_kinds(pipeline), schemas, refused, {key: recall(key) for key in learnt})


def _kinds(pipeline: Pipeline) -> list[type[Operator] | None]:
    return [BUILTIN.operators.get(node.operator) for node in pipeline.nodes.values()]


def _key(pipeline: Pipeline) -> str:
    """Return what tells a pipeline from any other: its document, in its order, and the folder it reads beside."""
    return json.dumps([pipeline.document(), str(pipeline.folder)], default=repr)
