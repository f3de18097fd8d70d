"""Pipeline files as the command line takes them: YAML, JSON, or Python with one module-level `Pipeline`."""

import difflib
import runpy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.errors import UsageError

if TYPE_CHECKING:
    from engine import Pipeline


def load(path: Path, settings: Sequence[str] = ()) -> "tuple[Pipeline, dict[str, Any]]":
    """Return the pipeline of a file and the values that a run gives it, with what `--set` says.

    `node.field=value` changes a field of a node; a name without a dot is a parameter of the pipeline. A value is read
    as in a YAML file, and where only text is taken it stays as it was written.

    A Python file runs in this process with the rights of whoever called the command.

    Raises:
        UsageError: No such file, not exactly one pipeline in it, or a setting that names nothing, has no value, or
            one of a type that is not taken there.
        PipelineError: The file is no pipeline.
    """
    from engine import Pipeline

    if not path.is_file():
        raise UsageError(f"There is no file {path}.", hint="Name a pipeline file: .yaml, .json or .py.")
    pipeline = _from_python(path) if path.suffix == ".py" else Pipeline.from_file(path)
    split = [(setting, *setting.partition("=")) for setting in settings]
    for setting, target, equals, text in split:
        if "." in target or not target:
            pipeline = _with_field(pipeline, setting, target, text if equals else None)
    found = [one for one in split if one[1] and "." not in one[1]]
    return pipeline, {target: _given(pipeline, target, text if equals else None) for _, target, equals, text in found}


def _from_python(path: Path) -> "Pipeline":
    from engine import Pipeline

    defined = runpy.run_path(str(path), run_name="pipeline")
    found = {id(value): value for value in defined.values() if isinstance(value, Pipeline)}
    if len(found) != 1:
        raise UsageError(
            f"{path} defines {len(found)} pipelines.", hint="Define exactly one Pipeline at the top of the module."
        )
    pipeline: Pipeline = next(iter(found.values()))
    return replace(pipeline, folder=path.resolve().parent)


def _with_field(pipeline: "Pipeline", setting: str, target: str, text: str | None) -> "Pipeline":
    """Return the pipeline with one field of a node set."""
    from engine.graph.accepting import in_words, kind_of, kinds_of
    from engine.graph.parameters import fields_of, is_refused, schema_of

    name, _, field = target.partition(".")
    if not name or not field:
        raise UsageError(
            f"{setting!r} is not a setting.",
            hint="Write --set name=value for a parameter of the pipeline, or --set node.field=value.",
        )
    node = pipeline.node(name)
    known = fields_of(node.operator, node.version)
    if known and field not in known:
        near = difflib.get_close_matches(field, known, n=3) or sorted(known)
        sentence = f"{node.operator!r}, the operator of {name!r}, has no field {field!r}."
        raise UsageError(sentence, hint=f"Did you mean one of {near}?")
    kinds = kinds_of(schema_of(node.operator, node.version, field))
    value = _read(target, text, kinds, in_words(kinds))
    pipeline = pipeline.set(name, **{field: value})
    if value is not None and kind_of(value) not in kinds and is_refused(pipeline.node(name), field):
        raise UsageError(f"{target} takes {in_words(kinds)}, not {text!r:.60}.", hint=f"Write --set {target}=VALUE.")
    return pipeline


def _given(pipeline: "Pipeline", name: str, text: str | None) -> Any:
    """Return the value that a setting gives a parameter of the pipeline."""
    from engine.graph.parameters import parameters_of

    known = parameters_of(pipeline)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3) or sorted(known)[:5]
        nodes = f"A field of a node is node.field; the nodes are {', '.join(sorted(pipeline.nodes)[:10])}."
        hint = f"Did you mean one of {near}? {nodes}" if near else nodes
        raise UsageError(f"The pipeline has no parameter {name!r}.", hint=hint)
    return _read(name, text, known[name].read_as, known[name].takes)


def _read(target: str, text: str | None, kinds: frozenset[str], takes: str) -> Any:
    """Return the value of a setting for a place that takes `kinds`, which people call `takes`."""
    from engine.graph.accepting import read_as

    if not text:
        sentence = f"--set {target} has no value; it takes {takes}."
        raise UsageError(sentence, hint=f"Write --set {target}=VALUE; '\"\"' is empty text, null takes a field away.")
    try:
        return read_as(text, kinds)
    except ValueError as error:
        sentence = f"The value of {target} cannot be read: {text[:60]!r}; it takes {takes}."
        raise UsageError(sentence, hint="Write it as in a YAML file.") from error
