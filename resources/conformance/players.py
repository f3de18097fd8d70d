"""Processes that play a part in a check: they say when they are ready, begin together, and answer with one document."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]


class Player:
    """A process that runs `python -m MODULE PART ARGUMENTS`.

    Args:
        module: It calls `play` with its parts.
        part: Which.
        arguments: Of the part, as JSON.
    """

    def __init__(self, module: str, part: str, **arguments: Any) -> None:
        command = [sys.executable, "-m", module, part, json.dumps(arguments)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    @property
    def pid(self) -> int:
        """Its pid."""
        return self.process.pid

    def line(self) -> dict[str, Any]:
        """Return the next document it says; `{}` when it has ended."""
        for line in self.process.stdout or ():
            with suppress(ValueError):
                document: dict[str, Any] = json.loads(line)
                return document
        return {}

    def go(self, begin: float, end: float) -> None:
        """Let it begin and end at these times of the monotonic clock, in seconds."""
        if self.process.stdin is not None:
            with suppress(OSError):
                self.process.stdin.write(f"{begin} {end}\n")
                self.process.stdin.flush()


def together(players: Sequence[Player], seconds: float) -> list[dict[str, Any]]:
    """Wait until all are ready, let them work at the same time, and return what each answers."""
    for player in players:
        player.line()
    begin = time.monotonic() + 0.5
    for player in players:
        player.go(begin, begin + seconds)
    return [player.line() for player in players]


def say(**document: Any) -> None:
    """Say a document to who started this process."""
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


def signal() -> tuple[float, float]:
    """Say that this process is ready, and return when to begin and to end; it has begun when this returns."""
    say(ready=True)
    begin, end = map(float, sys.stdin.readline().split())
    time.sleep(max(0.0, begin - time.monotonic()))
    return begin, end


def play(parts: dict[str, Any]) -> None:
    """Play the part that the command line names."""
    parts[sys.argv[1]](**json.loads(sys.argv[2]))
