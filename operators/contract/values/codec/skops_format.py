"""Estimators of scikit-learn as skops writes them, made the same for the same estimator.

skops calls objects and files by their address in memory, which says nothing anywhere else.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from operators.contract.values.codec.container import archived

TRUSTED = (
    "functools.partial",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.utils.validation.check_array",
)
"""Types beyond those that skops knows, which the estimators of our learners are made of."""
_SCHEMA = "schema.json"


def as_skops(estimator: Any) -> bytes | None:
    """Return an estimator as skops writes it; None where it is made of what skops or we do not trust."""
    from skops.io import dumps, get_untrusted_types
    from skops.io.exceptions import UnsupportedTypeException

    try:
        payload = dumps(estimator)
    except (UnsupportedTypeException, TypeError):
        return None
    return None if set(get_untrusted_types(data=payload)) - set(TRUSTED) else _settled(payload)


def from_skops(payload: bytes) -> Any:
    """Return the estimator; of a type that is not trusted, skops makes nothing."""
    from skops.io import loads

    return loads(payload, trusted=list(TRUSTED))


def _settled(payload: bytes) -> bytes:
    """Return the same archive without addresses and dates: its files are numbered, equal ones are kept once."""
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    schema = json.loads(parts.pop(_SCHEMA))
    kept: dict[bytes, str] = {}
    for node in _nodes(schema):
        node.pop("__id__", None)
        if isinstance(node.get("file"), str):
            ending = node["file"].rpartition(".")[2]
            node["file"] = kept.setdefault(parts[node["file"]], f"{len(kept)}.{ending}")
    return archived({**{name: part for part, name in kept.items()}, _SCHEMA: json.dumps(schema).encode()})


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Give every JSON object within a value, in the order in which they stand."""
    if isinstance(value, dict):
        yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inside:
        yield from _nodes(one)
