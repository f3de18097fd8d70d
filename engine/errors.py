"""Every error of the engine: one sentence for the reader, and a hint.

```
EngineError
├── ConfigError            a setting or workspace that cannot be used
│   └── ReadOnlyError      a change was asked for, and the workbench only shows
├── RecordsError           the ledger cannot be read or written
│   └── EngineBusyError    another engine holds this workspace
├── DataError              a table that cannot be read, stored or queried
│   ├── UnreadableFileError
│   └── QueryError
├── NotFoundError          no such dataset, run, model, service, ...
├── DeletionError          something that cannot be deleted, or not be taken back
├── InvalidNameError       a name that may not be used
├── PipelineError          a pipeline that cannot be read or planned
│   └── StaleDraftError    somebody else has changed it meanwhile
├── StoreError             an output or model that is missing or damaged
│   └── TamperedError      bytes that are not what was stored, or not signed by us
├── RunError               a run that failed or cannot go on
├── ServingError           a service that cannot be deployed or called
│   └── ReplayError        batch and online answers disagree
└── MonitoringError        drift that cannot be computed
```
"""

import difflib
from collections.abc import Iterable
from typing import Any, Self


class EngineError(Exception):
    """What went wrong, in one sentence; `hint` says what to do.

    The sentence is positional and everything else has a default, so that an
    error survives pickling and Ray.
    """

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), str(self), self.hint))


def _rebuild(kind: type[EngineError], message: str, hint: str) -> EngineError:
    return kind(message, hint=hint)


class ConfigError(EngineError):
    """A setting or workspace that cannot be used."""


class ReadOnlyError(ConfigError):
    """A change was asked for, and the workbench only shows."""


class RecordsError(EngineError):
    """The ledger cannot be read or written."""


class EngineBusyError(RecordsError):
    """Another engine holds this workspace."""


class DataError(EngineError):
    """A table that cannot be read, stored or queried."""


class UnreadableFileError(DataError):
    """A file that is not what it claims to be, or that no parser understands."""


class QueryError(DataError):
    """SQL that is wrong, forbidden, or took too long."""


class NotFoundError(EngineError):
    """Something was named that does not exist."""

    @classmethod
    def among(cls, kind: str, missing: str, available: Iterable[str]) -> Self:
        """Name what is missing and what may have been meant."""
        names = sorted(available)
        near = difflib.get_close_matches(missing, names, n=3) or names[:5]
        hint = f"Did you mean one of {', '.join(map(repr, near))}?" if near else f"There is no {kind} yet."
        return cls(f"No {kind} {missing!r}.", hint=hint)


class DeletionError(EngineError):
    """Something that cannot be deleted as asked, or not be taken back any more."""


class InvalidNameError(EngineError):
    """A name that may not be used."""


class PipelineError(EngineError):
    """A pipeline that cannot be read or planned."""


class StaleDraftError(PipelineError):
    """A change of a pipeline that somebody else has changed meanwhile; nothing of it is kept."""


class StoreError(EngineError):
    """An output or model that is missing or damaged."""


class TamperedError(StoreError):
    """Bytes that are not what was stored, or that we did not sign."""


class RunError(EngineError):
    """A run that failed or cannot go on."""


class ServingError(EngineError):
    """A service that cannot be deployed or called."""


class ReplayError(ServingError):
    """Batch and online answers disagree, so nothing is released."""


class MonitoringError(EngineError):
    """Drift that cannot be computed."""
