"""The `MLmodel` file of a version: its signature in MLflow's own words."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

# MLflow's names for our types (mlflow.types.DataType).
_TYPES: Mapping[str, str] = {
    **dict.fromkeys(("int8", "int16", "int32", "uint8", "uint16"), "integer"),
    **dict.fromkeys(("int64", "uint32", "uint64"), "long"),
    "float32": "float",
    "float64": "double",
    "boolean": "boolean",
    "date": "datetime",
    "datetime": "datetime",
    "binary": "binary",
}


def mlmodel(signature: Mapping[str, Any]) -> str:
    """Return the text of an `MLmodel` file.

    Its flavor is our own: MLflow's tools can read what the model takes and gives, and none of them loads it.

    Args:
        signature: `inputs` and `outputs`, each a list of `{"name", "type"}`.
    """
    written = {
        side: json.dumps([_column(field, required=side == "inputs") for field in signature[side]], ensure_ascii=False)
        for side in ("inputs", "outputs")
    }
    document = {
        "artifact_path": "model",
        "flavors": {"tandem": {"slice": "slice"}},
        "signature": {**written, "params": None},
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


def _column(field: Mapping[str, Any], *, required: bool) -> dict[str, Any]:
    kind = _TYPES.get(field["type"], "string")
    return {"type": kind, "name": field["name"], "required": required and not field.get("optional", False)}
