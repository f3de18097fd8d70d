"""Every error about where work may run: one sentence for the reader, and a hint.

```
ResourceError
├── ShareError          an amount that no device, or no Ray, can give
├── QuotaError          a request that its environment can never fulfil
├── PlacementError      shares that are not there, or were lent already
├── LevelError          a level that nothing on this machine holds
├── TraceError          a trace that is not what its format says
└── ClusterError        a Ray that cannot be started, found or reached
    └── ClusterLostError    a Ray that was there and is gone
```
"""

from typing import Any


class ResourceError(Exception):
    """What went wrong, in one sentence; `hint` says what to do; `field` names the share it is about.

    The sentence is positional and everything else has a default, so that an
    error survives pickling and Ray.
    """

    def __init__(self, message: str = "", *, hint: str = "", field: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.field = field

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), str(self), self.hint, self.field))


def _rebuild(kind: type[ResourceError], message: str, hint: str, field: str) -> ResourceError:
    return kind(message, hint=hint, field=field)


class ShareError(ResourceError):
    """An amount of GPU, CPU or memory that no device, or no Ray, can give."""


class QuotaError(ResourceError):
    """A request that its environment can never fulfil."""


class LevelError(ResourceError):
    """A level at which nothing on this machine can hold shares, or a share that it cannot hold."""


class PlacementError(ResourceError):
    """Shares that are not there, or that were lent already."""


class TraceError(ResourceError):
    """A trace of what clusters were asked for that is not what its format says."""


class ClusterError(ResourceError):
    """A Ray that cannot be started, found or reached."""


class ClusterLostError(ClusterError):
    """A Ray that was there and is gone."""
