"""Signatures over bytes that will be unpickled: nothing is loaded that this workspace did not write.

HMAC-SHA256 (RFC 2104) with the workspace's secret key; the signature stands before the bytes.
"""

import hashlib
import hmac

from engine.errors import TamperedError

_MAGIC = b"TNDM1\n"
_LENGTH = hashlib.sha256().digest_size


def seal(payload: bytes, key: bytes) -> bytes:
    """Return `payload` with its signature before it."""
    return _MAGIC + _signature(payload, key) + payload


def unseal(sealed: bytes, key: bytes, what: str = "This file") -> bytes:
    """Return the bytes that were sealed with `key`.

    Args:
        sealed: What `seal` returned.
        key: The workspace's secret.
        what: Names the file in the error.

    Raises:
        TamperedError: The bytes were changed, or sealed by someone else, or never sealed.
    """
    start = len(_MAGIC) + _LENGTH
    signature, payload = sealed[len(_MAGIC) : start], sealed[start:]
    if not sealed.startswith(_MAGIC) or not hmac.compare_digest(signature, _signature(payload, key)):
        raise TamperedError(
            f"{what} was not signed by this workspace, or was changed since.",
            hint="Run the node again; models of other workspaces are imported, not copied.",
        )
    return payload


def _signature(payload: bytes, key: bytes) -> bytes:
    return hmac.new(key, payload, hashlib.sha256).digest()
