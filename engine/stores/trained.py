"""Trained models as signed bytes: nothing is decoded before the signature has been verified."""

import pickle

from engine.errors import StoreError
from engine.stores.signing import seal, unseal
from operators.contract.errors import StoredModelError
from operators.contract.values.model import Model
from operators.contract.values.pickles import unpickled


def sealed_model(model: Model, key: bytes) -> bytes:
    """Return a model as bytes, signed with the workspace's key."""
    return seal(pickle.dumps(model, protocol=5), key)


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
        model = unpickled(payload, what)
    except StoredModelError as error:
        raise StoreError(str(error), hint=error.hint) from error
    if not isinstance(model, Model):
        raise StoreError(f"{what} holds no model.", hint="Train it again, or register it again.")
    return model
