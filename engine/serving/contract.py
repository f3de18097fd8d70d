"""The OpenAPI document of a service, made from the signature of its model version."""

from typing import Any

from engine.serving.signature import Signature
from operators.contract.values.model import DISTANCE

_JSON = "application/json"


def openapi(service: str, version: str, signature: Signature) -> dict[str, Any]:
    """Return the contract of a service: its routes, the columns it asks for, and an example.

    Args:
        service: Name of the service.
        version: Version of its model.
        signature: What a request must carry and an answer holds.
    """
    return {
        "openapi": "3.1.0",
        "info": {"title": service, "version": version},
        "paths": {
            "/predict": {"post": _predict(signature)},
            "/invocations": {"post": _invocations(signature)},
            "/health": {
                "get": {
                    "summary": "Make one real prediction",
                    "responses": {"200": {"description": "healthy"}},
                }
            },
        },
        "components": {
            "schemas": {
                "Row": signature.row_schema(),
                "Prediction": _prediction(signature),
                "Refusal": _REFUSAL,
            }
        },
    }


def _predict(signature: Signature) -> dict[str, Any]:
    rows = {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}
    body = {"type": "object", "properties": {"rows": rows}, "required": ["rows"]}
    either = {"anyOf": [body, rows, {"$ref": "#/components/schemas/Row"}]}
    return {
        "summary": "Predict rows",
        "requestBody": {
            "required": True,
            "content": {_JSON: {"schema": either, "example": {"rows": [signature.example_row()]}}},
        },
        "responses": _responses({"$ref": "#/components/schemas/Prediction"}),
    }


def _invocations(signature: Signature) -> dict[str, Any]:
    flat = {field.name: _output(field.type) for field in signature.outputs}
    return {
        "summary": "Predict rows in MLflow's conventions",
        "requestBody": {
            "required": True,
            "content": {
                _JSON: {
                    "schema": {
                        "type": "object",
                        "properties": {
                            name: {} for name in ("dataframe_records", "dataframe_split", "inputs", "instances")
                        },
                        "minProperties": 1,
                    },
                    "example": {"dataframe_records": [signature.example_row()]},
                }
            },
        },
        "responses": _responses({"type": "object", "properties": flat}),
    }


def _responses(prediction: dict[str, Any]) -> dict[str, Any]:
    answer = {
        "type": "object",
        "properties": {
            "predictions": {"type": "array", "items": prediction},
            "model": {"type": "string"},
            "version": {"type": "string"},
        },
    }
    refusal = {"content": {_JSON: {"schema": {"$ref": "#/components/schemas/Refusal"}}}}
    refusals = {
        "400": "The body is not JSON",
        "408": "The body came too slowly",
        "413": "Too many bytes or rows",
        "422": "A row does not fit the signature",
    }
    return {
        "200": {"description": "One prediction per row, in order", "content": {_JSON: {"schema": answer}}},
        **{status: {"description": text, **refusal} for status, text in refusals.items()},
    }


def _prediction(signature: Signature) -> dict[str, Any]:
    labels = [f.name.removeprefix("probability_") for f in signature.outputs if f.name.startswith("probability_")]
    share = {"type": "number", "minimum": 0, "maximum": 1}
    properties: dict[str, Any] = {"prediction": _output(signature.outputs[0].type)}
    if labels:
        properties["probabilities"] = {"type": "object", "properties": dict.fromkeys(labels, share)}
    if any(field.name == DISTANCE for field in signature.outputs):
        properties["distance"] = {"type": "number", "minimum": 0}
    return {"type": "object", "properties": properties}


def _output(kind: str) -> dict[str, Any]:
    if "int" in kind:
        return {"type": "integer"}
    return {"type": {"boolean": "boolean", "string": "string"}.get(kind, "number" if "float" in kind else "string")}


_REFUSAL: dict[str, Any] = {
    "type": "object",
    "properties": {
        "error": {"type": "string", "description": "What is wrong, in one sentence"},
        "hint": {"type": "string", "description": "What to do"},
        "field": {"type": ["string", "null"], "description": "The column it is about"},
        "row": {"type": ["integer", "null"], "description": "The row it is about, from 0"},
    },
}
