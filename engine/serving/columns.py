"""How stored rows tell a service's own columns from those of its user, whatever these are called.

In captures and references the columns of a request keep their names. What the service adds begins with `tandem:`:
`tandem:at`, `tandem:model`, `tandem:version`, and `tandem:answer:<name>` for a column of the answer. A column of a
request that begins with `tandem:` itself is stored as `tandem:asked:<name>`, so no two columns ever share a name.

Older files hold `at`, `model_version` and the answer under their plain names, and renamed a column of the request with
such a name to `<name>_asked`; `names_of` reads them too.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

OWN = "tandem:"
AT, MODEL, VERSION = f"{OWN}at", f"{OWN}model", f"{OWN}version"
ANSWER = f"{OWN}answer:"
ASKED = f"{OWN}asked:"
_OLD_AT, _OLD_VERSION = "at", "model_version"
_OLD_ANSWERS = ("prediction", "distance", "probability_")


@dataclass(frozen=True)
class Names:
    """Where the columns of stored rows are.

    Args:
        asked: Stored name by the name in the request, in order.
        answered: Stored name by the name in the answer, in order.
        at: Where the time is; None if it is nowhere.
        model: Where the name of the model is; None in older files.
        version: Where its version is; None if it is nowhere.
    """

    asked: Mapping[str, str] = field(default_factory=dict)
    answered: Mapping[str, str] = field(default_factory=dict)
    at: str | None = None
    model: str | None = None
    version: str | None = None


def asked_and_answered(asked: pl.DataFrame, answered: pl.DataFrame) -> pl.DataFrame:
    """Return rows with their answers beside them, as captures and references hold them.

    Args:
        asked: Shape (n, columns of the request).
        answered: Shape (n, columns of the answer).
    """
    rows = asked.rename({name: ASKED + name for name in asked.columns if name.startswith(OWN)})
    return pl.concat([rows, answered.rename(lambda name: ANSWER + name)], how="horizontal")


def names_of(columns: Sequence[str], required: Collection[str] | None = None) -> Names:
    """Return where the columns of stored rows are, of older files too.

    Args:
        columns: As they are stored.
        required: Columns that the model asks for, which older files need to tell names apart.
    """
    if AT not in columns and not any(name.startswith(ANSWER) for name in columns):
        return _older(columns, required)
    asked = [name for name in columns if not name.startswith(OWN) or name.startswith(ASKED)]
    answered = [name for name in columns if name.startswith(ANSWER)]
    return Names(
        {name.removeprefix(ASKED): name for name in asked},
        {name.removeprefix(ANSWER): name for name in answered},
        *(name if name in columns else None for name in (AT, MODEL, VERSION)),
    )


def free_names(names: Iterable[str], taken: Iterable[str], kind: str) -> dict[str, str]:
    """Return a name for each of `names` that none of `taken` has: its own, or with `kind` behind it in brackets."""
    known, found = set(taken), {}
    for name in names:
        free, behind = name, kind
        while free in known:
            free, behind = f"{name} ({behind})", f"{behind}'"
        found[name] = free
        known.add(free)
    return found


def _older(columns: Sequence[str], required: Collection[str] | None) -> Names:
    wanted = _guessed(columns) if required is None else required
    asked = {}
    for name in wanted:
        renamed = f"{name}_asked"
        stored = renamed if renamed in columns and renamed not in wanted else name
        if stored in columns:
            asked[name] = stored
    left = [name for name in columns if name not in set(asked.values())]
    at, version = (name if name in left else None for name in (_OLD_AT, _OLD_VERSION))
    return Names(asked, {name: name for name in left if name not in (at, version)}, at, None, version)


def _guessed(columns: Sequence[str]) -> list[str]:
    own = {_OLD_AT, _OLD_VERSION}
    return [name for name in columns if name not in own and not name.startswith(_OLD_ANSWERS)]
