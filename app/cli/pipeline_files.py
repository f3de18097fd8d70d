"""Pipeline files as the command line takes them: YAML, JSON, or Python with one module-level `Pipeline`."""

import runpy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.errors import UsageError

if TYPE_CHECKING:
    from engine import Pipeline


def load(path: Path, settings: Sequence[str] = ()) -> "Pipeline":
    """Return the pipeline of a file, with `node.field=value` settings applied.

    A Python file runs in this process with the rights of whoever called the command.

    Raises:
        UsageError: No such file, not exactly one pipeline in it, or a setting that is not `node.field=value`.
        PipelineError: The file is no pipeline.
    """
    from engine import Pipeline

    if not path.is_file():
        raise UsageError(f"There is no file {path}.", hint="Name a pipeline file: .yaml, .json or .py.")
    pipeline = _from_python(path) if path.suffix == ".py" else Pipeline.from_file(path)
    for setting in settings:
        node, field, value = _setting(setting)
        pipeline = pipeline.set(node, **{field: value})
    return pipeline


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


def _setting(text: str) -> tuple[str, str, Any]:
    import yaml

    from engine.graph.yaml_text import read

    target, equals, value = text.partition("=")
    node, dot, field = target.partition(".")
    if not (equals and dot and node and field):
        raise UsageError(f"{text!r} is not a setting.", hint="Write --set node.field=value, as --set split.seed=7.")
    try:
        return node, field, read(value)
    except (yaml.YAMLError, ValueError) as error:
        raise UsageError(
            f"The value of {target} cannot be read: {value[:60]!r}.", hint="Write it as in a YAML file."
        ) from error
