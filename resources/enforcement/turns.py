"""The turns of this process at a device that it shares: what `Context.step` passes, see `gate.py`."""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from resources.enforcement.gate import Gate
from resources.shares import WHOLE


@dataclass(frozen=True, slots=True)
class Turns:
    """Where a process waits for its turns.

    Attributes:
        gate: File of the device's gate.
        share: File in which its share of the device is written, in ten-thousandths; it may change at any time.
        priority: Who has a higher one goes first, at the end of a step; for what computes seldom.
    """

    gate: str
    share: str
    priority: int = 0

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)


def turns_at(home: Path, who: str, device: str, share: int, priority: int = 0) -> Turns:
    """Return where a task or a service waits for its turns, with its share written down.

    Args:
        home: Folder of the workspace's Ray.
        who: Names it among all that run there.
        device: That it shares.
        share: Of the device, in ten-thousandths.
        priority: As for `Turns`.
    """
    path = share_file(home, who)
    for folder in (home / "gates", path.parent):
        folder.mkdir(parents=True, exist_ok=True)
    write_share(path, share)
    return Turns(str(home / "gates" / device), str(path), priority)


def share_file(home: Path, who: str) -> Path:
    """Return the file in which the share of a task or a service is written."""
    return home / "held" / f"{who}.share"


def forget_held(home: Path, who: str) -> None:
    """Remove what is kept while a task holds its share: the share, and the note of a worker that may have been killed.

    Args:
        home: Folder of the workspace's Ray.
        who: Names the task.
    """
    path = share_file(home, who)
    for note in (path, path.with_suffix("")):
        note.unlink(missing_ok=True)


def write_share(path: Path, share: int) -> None:
    """Write a share so that nobody reads half of it."""
    half = path.with_name(f"{path.name}.half")
    half.write_text(str(share))
    half.replace(path)


class _Passing:
    """One process at one gate; reads its share again when that was written anew."""

    def __init__(self, turns: Turns) -> None:
        self._share, self._written = Path(turns.share), 0
        self._alone, self._inside = threading.RLock(), 0
        self.gate = Gate(Path(turns.gate), self._weight() or 1.0, priority=turns.priority, finish=_finish)

    @contextmanager
    def step(self) -> Iterator[None]:
        with self._alone, ExitStack() as held:  # a process has one place at the gate, whatever its threads
            if not self._inside:  # a step inside another one is part of it
                held.enter_context(self._turn())
            self._inside += 1
            try:
                yield
            finally:
                self._inside -= 1

    @contextmanager
    def _turn(self) -> Iterator[None]:
        weight = self._weight()
        if weight:
            self.gate.reweigh(weight)
        with self.gate.step():
            yield

    def _weight(self) -> float:
        """Return the share if it is another than at the last look, else 0."""
        try:
            written = self._share.stat().st_mtime_ns
            if written == self._written:
                return 0.0
            self._written = written
            return max(1, int(self._share.read_text())) / WHOLE
        except (OSError, ValueError):
            return 0.0  # it is over: nobody counts any more


_passing: _Passing | None = None


def wait_at(turns: Mapping[str, Any] | None) -> None:
    """Let the steps of this process wait for their turns from now on; with None, they go on as they come."""
    global _passing  # noqa: PLW0603 - a process has one device of which it has a part
    if _passing is not None:
        _passing.gate.close()
    _passing = _Passing(Turns(**turns)) if turns else None


@contextmanager
def step() -> Iterator[None]:
    """Compute inside on the device that this process shares, when it is its turn; at once where it shares none.

    A step inside a step of the same thread goes on at once: it is part of the turn. Another thread's waits for its end.
    """
    if _passing is None:
        yield
        return
    with _passing.step():
        yield


def _finish() -> None:
    """Wait until the device has done what this process asked of it."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.synchronize()
