"""Receipts: what a fingerprint's work gave, so that it need not be done again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select

from engine.records.tables import RECEIPTS
from engine.records.upsert import put


@dataclass(frozen=True)
class Receipt:
    """The outputs of one piece of work.

    Args:
        digest: Fingerprint of the work.
        parts: What the fingerprint was made of, by name.
        outputs: References to the stored outputs: `{node: {port: reference}}`.
        schema: Columns of the tables among them: `{node: {port: [{"name", "type"}]}}`.
        run: The run that did the work.
        node: Its node there.
        seconds: How long it took.
        created: When it was done, seconds since 1970.
    """

    digest: str
    parts: Mapping[str, Any]
    outputs: Mapping[str, Any]
    schema: Mapping[str, Any]
    run: str
    node: str
    seconds: float
    created: float


def keep(connection: Connection, receipt: Receipt) -> None:
    """Write a receipt; a newer one of the same fingerprint takes the place of the older."""
    values = dict(vars(receipt))
    put(connection, RECEIPTS, {"digest": values.pop("digest")}, values)


def find(connection: Connection, digest: str) -> Receipt | None:
    """Return the receipt of a fingerprint, if the work was done before."""
    row = connection.execute(select(RECEIPTS).where(RECEIPTS.c.digest == digest)).mappings().one_or_none()
    return Receipt(**row) if row is not None else None


def forget(connection: Connection, digest: str) -> None:
    """Remove a receipt whose outputs are gone."""
    connection.execute(delete(RECEIPTS).where(RECEIPTS.c.digest == digest))
