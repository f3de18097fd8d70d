"""Trained models as signed bytes: nothing is decoded before the signature has been verified."""

from collections.abc import Mapping
from typing import Any

from engine.errors import StoreError
from engine.stores.signing import seal, unseal
from operators.contract.errors import StoredModelError
from operators.contract.operator import Operator
from operators.contract.values.codec import decoded, encoded
from operators.contract.values.model import Model
from operators.registry import BUILTIN


def sealed_model(model: Model, key: bytes) -> bytes:
    """Return a model as bytes, signed with the workspace's key.

    Raises:
        StoreError: Something in it cannot be kept.
    """
    try:
        return seal(encoded(model), key)
    except StoredModelError as error:
        raise StoreError(str(error), hint=error.hint) from error


def opened_model(sealed: bytes, key: bytes, what: str) -> Model:
    """Return the model that was sealed.

    Args:
        sealed: What `sealed_model` returned, in this or an earlier workbench.
        key: The workspace's secret.
        what: Names the model in the errors.

    Raises:
        TamperedError: The bytes were changed, or signed by somebody else.
        StoreError: They cannot be read here, or are no model.
    """
    payload = unseal(sealed, key, what)
    try:
        return decoded(payload, _built, what)
    except StoredModelError as error:
        raise StoreError(str(error), hint=error.hint) from error


def _built(document: Mapping[str, Any]) -> Operator:
    return BUILTIN.build(document["operator"], document["with"], document["version"])
