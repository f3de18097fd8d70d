"""What a pipeline reads from outside: looked up for a check, pinned for a run."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.data.datasets import DatasetStore
from engine.data.folders import DataFolders, ForeignFileError
from engine.errors import EngineError
from engine.graph.binding import BoundPipeline
from engine.graph.pipeline import Pipeline
from engine.runs.context import file_hash
from engine.runs.orders import SourceRef
from engine.stores.outputs import OutputRef
from operators.contract.card import Source
from operators.contract.errors import OperatorError
from operators.contract.tables import Schema
from operators.registry import BUILTIN


def schemas_of(
    sources: Iterable[Source], pipeline: Pipeline, datasets: DatasetStore, folders: DataFolders
) -> tuple[dict[str, Schema | None], dict[str, EngineError]]:
    """Return the schema of every source there is, by ref, for a check, and why others of `pipeline` may not be read.

    All datasets are there, so that the check can say what was meant; a file's columns are not known before it
    is read.
    """
    found: dict[str, Schema | None] = {f"dataset:{name}": None for name in datasets.names()}
    refused: dict[str, EngineError] = {}
    for source in sources:
        ref = f"{source.kind}:{source.ref}"
        try:
            found[ref] = datasets.get(source.ref).schema if source.kind == "dataset" else None
            if source.kind == "file":
                folders.find(source.ref, beside(pipeline))
        except ForeignFileError as error:
            found.pop(ref)
            refused[ref] = error
        except EngineError:
            found.pop(ref, None)
    return found, refused


def pinned(bound: BoundPipeline, datasets: DatasetStore, folders: DataFolders) -> dict[str, SourceRef]:
    """Return every source with its content as it is now.

    Raises:
        NotFoundError: A dataset or file is gone.
        ForeignFileError: A file lies where pipelines may not read.
    """
    found = {}
    for operator in bound.operators.values():
        for source in operator.sources():
            if source.kind == "dataset":
                pin = _dataset(source.ref, datasets)
            else:
                pin = _file(folders.find(source.ref, beside(bound.pipeline)))
            found[f"{source.kind}:{source.ref}"] = pin
    return found


def beside(pipeline: Pipeline) -> tuple[Path, ...]:
    """Return the folder of the file that a pipeline was read from; nothing where it came from none."""
    return () if pipeline.folder is None else (pipeline.folder,)


def _dataset(ref: str, datasets: DatasetStore) -> SourceRef:
    version = datasets.get(ref)
    columns = tuple((column.name, column.type) for column in version.schema)
    path = version.path
    table = OutputRef(
        kind="Table",
        hash=version.content_hash,
        path=str(path),
        size=path.stat().st_size,
        rows=version.rows,
        columns=columns,
    )
    return SourceRef(hash=version.content_hash, table=table, label=f"{version.name}@{version.version}")


def _file(path: Path) -> SourceRef:
    return SourceRef(hash=file_hash(path), path=str(path), label=path.name)


def named_sources(pipeline: Pipeline) -> Iterator[Source]:
    """Yield what the nodes of a pipeline read, of those that can be built."""
    for node in pipeline.resolved().nodes.values():
        try:
            yield from BUILTIN.build(node.operator, node.parameters, node.version).sources()
        except OperatorError:
            continue  # the check names it
