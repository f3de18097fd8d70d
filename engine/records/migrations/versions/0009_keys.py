"""The gesture that a dataset version or a drift report was made for: the same gesture makes no second one."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLES = {"datasets": ("name", "manifest"), "drift_reports": ("service", "window")}


def upgrade() -> None:
    for table, (subject, told) in _TABLES.items():
        op.add_column(table, sa.Column("key", sa.String(64), nullable=True))
        _carry_over(table, subject, told)
        op.create_index(f"ix_{table}_{subject}_key", table, [subject, "key"], unique=True)


def downgrade() -> None:
    for table, (subject, _) in _TABLES.items():
        op.drop_index(f"ix_{table}_{subject}_key", table)
        op.drop_column(table, "key")


def _carry_over(table: str, subject: str, told: str) -> None:
    """Move keys from the documents, where they were kept before, to the new column: the newest of each has it."""
    number = "version" if table == "datasets" else "id"
    rows = sa.table(table, *(sa.column(name) for name in (subject, number, "key")), sa.column(told, sa.JSON))
    seen: set[tuple[str, str]] = set()
    for found in list(_newest_first(rows, number)):
        document = found[told] if isinstance(found[told], dict) else json.loads(found[told] or "{}")
        key = document.get("key")
        if not isinstance(key, str) or len(key) > 64 or (found[subject], key) in seen:  # noqa: PLR2004 - as the column
            continue
        seen.add((found[subject], key))
        where = (rows.c[subject] == found[subject], rows.c[number] == found[number])
        op.get_bind().execute(sa.update(rows).where(*where).values(key=key))


def _newest_first(rows: Any, number: str) -> Iterator[Any]:
    return iter(op.get_bind().execute(sa.select(rows).order_by(rows.c[number].desc())).mappings().all())
