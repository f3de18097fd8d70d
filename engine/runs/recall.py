"""What earlier work left: receipts whose outputs are still there, byte for byte."""

from collections.abc import Mapping
from typing import Any

from engine.records import Records, receipts
from engine.records.receipts import Receipt
from engine.stores.outputs import OutputRef, OutputStore

Ports = Mapping[str, OutputRef]
"""Kept outputs of one node, by port."""
REMEMBERED = 10_000
"""Files that are known to be intact at most; beyond, all are read again."""


class Recall:
    """Finds receipts and trusts them only after reading their outputs again.

    A file that was verified is not read a second time by the same engine until it changes.
    """

    def __init__(self, records: Records, store: OutputStore) -> None:
        self._records = records
        self._store = store
        self._verified: dict[str, tuple[int, int]] = {}

    def find(self, digest: str) -> Receipt | None:
        """Return the receipt of a fingerprint if every output of it is intact."""
        with self._records.read() as connection:
            receipt = receipts.find(connection, digest)
        return receipt if receipt is not None and self.intact(ports(receipt.outputs)) else None

    def intact(self, outputs: Ports) -> bool:
        """Return whether all of these outputs are there with the bytes that were kept."""
        return all(self._holds(ref) for ref in outputs.values())

    def metrics(self, outputs: Ports) -> dict[str, Any]:
        """Return the figures of merit among outputs, by name; empty where there are none."""
        return {
            name: value
            for ref in outputs.values()
            if ref.kind == "Metrics"
            for name, value in self._store.get(ref).items()
        }

    def _holds(self, ref: OutputRef) -> bool:
        path = self._store.path(ref)
        if not path.is_file():
            return False
        facts = path.stat()
        seen = (facts.st_mtime_ns, facts.st_size)
        if self._verified.get(ref.path) != seen:
            if not self._store.intact(ref):
                return False
            if len(self._verified) >= REMEMBERED:
                self._verified.clear()
            self._verified[ref.path] = seen
        return True


def ports(documents: Mapping[str, Any]) -> dict[str, OutputRef]:
    """Return references by port from their JSON."""
    return {port: OutputRef.model_validate(document) for port, document in documents.items()}


def documents(outputs: Ports) -> dict[str, Any]:
    """Return references by port as JSON."""
    return {port: ref.model_dump(mode="json") for port, ref in outputs.items()}
