"""A slice as it is kept in a folder: read back after verifying every byte of it.

`engine.serving.folder` writes them and says what is in one.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from engine.errors import StoreError
from engine.stores.manifest import MANIFEST, read_sealed, verify_folder
from engine.stores.model_version import ModelVersion
from engine.stores.trained import opened_model
from operators.contract.errors import ParameterError
from operators.contract.operator import Operator
from operators.contract.step import Step
from operators.contract.tables import lazy, schema_of
from operators.contract.values.model import Model
from operators.contract.values.origin import Origin
from operators.identity import code_of, libraries_of
from operators.registry import BUILTIN

FORMAT = 1
DOCUMENT = "slice.json"
SOURCE = "source.parquet"
MODEL = "model.signed"
SLICE = "slice"
VERSION = "version.json"


@dataclass(frozen=True)
class KeptSlice:
    """What a folder of a slice holds.

    Args:
        source: Columns of the source and their types.
        steps: What rows pass on the way to the learner.
        model: The learner.
        skipped: Nodes of the training path that a service leaves out.
        required: Columns of the source that influence an answer.
        said: The steps as they are written, with the versions that they were stored with.
    """

    source: pl.Schema
    steps: tuple[Step, ...]
    model: Model
    skipped: tuple[str, ...]
    required: tuple[str, ...]
    said: tuple[Mapping[str, Any], ...]


def read_slice(folder: Path, key: bytes) -> KeptSlice:
    """Read a slice back, after verifying every byte of it.

    Whether a step that was carried forward still answers as it did is for `engine.serving.folder.load` to see.

    Raises:
        StoreError: Something of it is missing, or it was written by a newer workbench.
        TamperedError: Something of it is not what was stored, or was not signed by this workspace.
    """
    verify_folder(folder, key)
    document = json.loads((folder / DOCUMENT).read_text("utf-8"))
    if document["format"] != FORMAT:
        raise StoreError(
            f"The slice has format {document['format']}, and this workbench reads {FORMAT}.",
            hint="Use the workbench that registered the model, or register it again.",
        )
    model = opened_model((folder / MODEL).read_bytes(), key, "The model")
    steps = tuple(_step(step, folder) for step in document["steps"])
    source = pl.Schema(pl.read_parquet_schema(folder / SOURCE))
    named = (tuple(document[name]) for name in ("skipped", "required", "steps"))
    return KeptSlice(source, steps, model, *named)


def registered_model(folder: Path, key: bytes) -> Model:
    """Return the model of a registered version with its whole path before it, as its service answers.

    Args:
        folder: Of the version: `slice/`, `version.json` and the manifest over both.
        key: The workspace's secret.

    Raises:
        StoreError: Something of it is missing, or it was written by a newer workbench.
        TamperedError: Something of it is not what was stored, or was not signed by this workspace.
    """
    verify_folder(folder, key)
    kept = read_slice(folder / SLICE, key)
    facts = json.loads(read_sealed(folder, VERSION, key))
    signature = ModelVersion(**facts, name="", version="", created=0.0).signature
    optional = {field["name"] for field in signature.get("inputs", ()) if field.get("optional")}
    columns = schema_of(lazy(pl.DataFrame(schema=kept.source)))
    with_path = kept.model.after(kept.steps)
    return with_path.at(Origin(columns, tuple(name for name in kept.required if name not in optional)))


def content_of(folder: Path, algorithm: str) -> str:
    """Return a hash of all that the answers of a registered version depend on.

    Args:
        folder: Of the version; verified.
        algorithm: Name of its learner.

    It counts the signed list of the hashes of its files, the code of its steps and of its learner, and the versions of
    the libraries that do their work.
    """
    steps = json.loads((folder / SLICE / DOCUMENT).read_text("utf-8"))["steps"]
    named = [step["operator"] for step in steps]
    kinds: list[type[Any]] = [BUILTIN.find(one["operator"], one["version"]) for one in named]
    kinds += [BUILTIN.learners[algorithm]] if algorithm in BUILTIN.learners else []
    parts = [(code_of(kind), sorted(libraries_of(kind).items())) for kind in kinds]
    manifest = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    return hashlib.sha256(json.dumps([manifest, parts]).encode()).hexdigest()


def _step(document: Mapping[str, Any], folder: Path) -> Step:
    return Step(
        node=document["node"],
        operator=_operator(document["operator"]),
        values=document["values"],
        beside={port: lazy(pl.scan_parquet(folder / name)) for port, name in document["beside"].items()},
    )


def _operator(said: Mapping[str, Any]) -> Operator:
    try:
        return BUILTIN.build(said["operator"], said["with"], said["version"])
    except ParameterError as error:
        raise StoreError(
            f"The model was stored with version {said['version']} of {said['operator']!r}, whose parameters are not "
            f"taken any more: {error}",
            hint="Use the workbench that registered the model, or register it again.",
        ) from error
