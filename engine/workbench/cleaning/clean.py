"""Making room: what is deleted or surplus is removed, or only told."""

import time
from collections.abc import Mapping
from typing import Any, Final

from engine.config import Settings
from engine.workbench.cleaning.stores import CapturedRows, JobFiles, Outputs, Store
from engine.workbench.cleaning.surplus import surplus
from engine.workbench.deleting.desk import DeletionDesk
from engine.workbench.deleting.member import Place

STORES: Final[tuple[type[Store], ...]] = (Outputs, CapturedRows, JobFiles)
_DAY_S = 86_400.0
_MIB = 2**20


def clean(
    place: Place, settings: Settings, deleted: DeletionDesk, *, older: float | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """Remove what was deleted and what need not be kept any longer, and return what that freed.

    Args:
        place: Where things are kept.
        settings: How long and how much of each kind is kept.
        deleted: Finishes deletions.
        older: Seconds; what nobody needs and nobody used for so long goes too, whatever the settings.
        dry_run: Only tell what would go.

    Returns:
        `{"dry_run", "bytes", "kinds": [{"kind", "items", "bytes", "kept", "kept_bytes"}]}`; `kind` is `deleted`,
        `outputs`, `captures` or `jobs`.

    Raises:
        ReadOnlyError: Nothing may be changed.
    """
    if not dry_run:
        place.workspace.require_writable()
    kinds = [_deleted(deleted, dry_run), *(_cleaned(one(place), settings, older, dry_run) for one in STORES)]
    return {"dry_run": dry_run, "bytes": sum(kind["bytes"] for kind in kinds), "kinds": kinds}


def _deleted(desk: DeletionDesk, dry_run: bool) -> Mapping[str, Any]:
    due = desk.due()
    freed = sum(row.bytes for row in due) if dry_run else sum(desk.finish().values())
    return {"kind": "deleted", "items": len(due), "bytes": freed, "kept": 0, "kept_bytes": 0}


def _cleaned(store: Store, settings: Settings, older: float | None, dry_run: bool) -> Mapping[str, Any]:
    kept = store.kept()
    days, limit = (getattr(settings, f"keep_{store.kind}_{unit}") for unit in ("days", "mb"))
    age_s = min((one for one in (older, days * _DAY_S or None) if one is not None), default=None)
    gone = surplus(kept, time.time(), age_s, int(limit * _MIB) or None)
    told = sum(one.bytes for one in gone)
    freed = told if dry_run else store.remove({one.name for one in gone}) if gone else 0
    left = sum(one.bytes for one in kept) - freed
    return {"kind": store.kind, "items": len(gone), "bytes": freed, "kept": len(kept) - len(gone), "kept_bytes": left}
