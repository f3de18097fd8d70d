"""What a pipeline reads from outside: looked up for a check, pinned for a run."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection

from engine.data.datasets import DatasetStore
from engine.data.folders import DataFolders, ForeignFileError
from engine.errors import EngineError, StoreError
from engine.graph.binding import BoundPipeline
from engine.graph.loaded import LoadedModel
from engine.graph.pipeline import Pipeline
from engine.records import drafts
from engine.runs.context import file_hash
from engine.runs.orders import SourceRef
from engine.serving.folder import load
from engine.stores.models import SLICE, ModelStore
from engine.stores.outputs import OutputRef
from engine.stores.slices import content_of
from operators.contract.card import Source
from operators.contract.errors import OperatorError
from operators.contract.tables import Column, Schema
from operators.registry import BUILTIN


def schemas_of(
    sources: Iterable[Source], pipeline: Pipeline, datasets: DatasetStore, folders: DataFolders, models: ModelStore
) -> tuple[dict[str, Schema | None], dict[str, EngineError]]:
    """Return the schema of every source there is, by ref, for a check, and why others of `pipeline` may not be read.

    All datasets are there, so that the check can say what was meant; a file's columns are not known before it
    is read. The schema of a model is that of its answers.
    """
    found: dict[str, Schema | None] = {f"dataset:{name}": None for name in datasets.names()}
    refused: dict[str, EngineError] = {}
    for source in sources:
        ref = f"{source.kind}:{source.ref}"
        try:
            if source.kind == "dataset":
                found[ref] = datasets.get(source.ref).schema
            elif source.kind == "model":
                found[ref] = loaded_model(source.ref, models).answers
            else:
                folders.find(source.ref, beside(pipeline))
                found[ref] = None
        except ForeignFileError as error:
            refused[ref] = error
        except EngineError as error:
            found.pop(ref, None)
            refused |= {ref: error} if source.kind == "model" else {}
    return found, refused


def loaded_models(sources: Iterable[Source], models: ModelStore) -> dict[str, LoadedModel]:
    """Return what is known of the registered models that `sources` name, of those that there are."""
    found = {}
    for source in sources:
        if source.kind == "model":
            with suppress(EngineError):
                found[source.ref] = loaded_model(source.ref, models)
    return found


def loaded_model(ref: str, models: ModelStore) -> LoadedModel:
    """Return what is known of a registered model, named as `churn@champion` or `churn@3`.

    Raises:
        NotFoundError: No such model or version.
        StoreError: The version is damaged.
        TamperedError: A file of it is not what was stored.
    """
    name, _, wanted = ref.partition("@")
    version = models.get(name, wanted or None)
    if version.damage:
        raise StoreError(version.damage, hint="Register the model again, or load another version.")
    models.require_unchanged(version)
    inputs, outputs = version.signature["inputs"], version.signature["outputs"]
    return LoadedModel(
        label=f"{name}@{version.version}",
        task=version.task,
        target=version.target,
        inputs=tuple(Column(field["name"], field["type"]) for field in inputs),
        optional=frozenset(field["name"] for field in inputs if field["optional"]),
        answers=tuple(Column(field["name"], field["type"]) for field in outputs),
    )


def pinned(
    bound: BoundPipeline, datasets: DatasetStore, folders: DataFolders, models: ModelStore
) -> dict[str, SourceRef]:
    """Return every source with its content as it is now; an alias becomes the version that has it.

    Raises:
        NotFoundError: A dataset, file or model is gone.
        ForeignFileError: A file lies where pipelines may not read.
        StoreError: Files of a model version are gone.
        TamperedError: A file of a model version is not what was stored.
    """
    found = {}
    for operator in bound.operators.values():
        for source in operator.sources():
            if source.kind == "dataset":
                pin = _dataset(source.ref, datasets)
            elif source.kind == "model":
                pin = _model(source.ref, models)
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


def _model(ref: str, models: ModelStore) -> SourceRef:
    name, _, wanted = ref.partition("@")
    version = models.get(name, wanted or None)
    folder = models.whole(name, version.version)
    load(models.root / folder / SLICE, models.key)  # as a service does: it may have been stored with other versions
    content = content_of(models.root / folder, version.algorithm)
    return SourceRef(hash=content, path=folder.as_posix(), label=f"{name}@{version.version}")


def _file(path: Path) -> SourceRef:
    return SourceRef(hash=file_hash(path), path=str(path), label=path.name)


def named_sources(pipeline: Pipeline) -> Iterator[Source]:
    """Yield what the nodes of a pipeline read, of those that can be built."""
    for node in pipeline.resolved().nodes.values():
        try:
            yield from BUILTIN.build(node.operator, node.parameters, node.version).sources()
        except OperatorError:
            continue  # the check names it


def named_by_pipelines(connection: Connection, kind: str) -> Iterator[tuple[str, set[str]]]:
    """Yield each pipeline that people work on with what it names of a kind of source."""
    for name, document in drafts.documents(connection):
        sources = named_sources(Pipeline.from_valid(document))
        yield name, {source.ref for source in sources if source.kind == kind}
