"""How claims are measured: contestants in fresh child processes, in turns; medians; figures in a file."""

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).parent / "figures"


@dataclass(frozen=True)
class Measured:
    """What one child took: seconds by its own clock, its memory in bytes, and what it answered.

    `peak` is the most it held at once, `work` the part of that which came on top of what it held when idle.
    """

    seconds: float
    peak: int
    work: int = 0
    answer: Any = None


@dataclass
class Stopwatch:
    """Seconds between entering and leaving."""

    seconds: float = 0.0

    def __enter__(self) -> "Stopwatch":
        self._began = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._began


def peak_memory() -> int:
    """Return the most memory this process has held at once, in bytes (VmHWM, which begins with the process)."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024


def memory() -> int:
    """Return the memory this process holds now, in bytes (VmRSS)."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024


def in_child(script: str, contestant: str, *arguments: Any) -> Measured:
    """Run `script --child contestant arguments` in a fresh process and return what it measured."""
    command = [sys.executable, script, "--child", contestant, *(json.dumps(argument) for argument in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{contestant} failed:\n{done.stderr}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def answer_as_child(contestants: Mapping[str, Callable[..., tuple[float, int, Any]]]) -> bool:
    """Where this process is a child, run its contestant, print what it took, and return True.

    A contestant returns its seconds, the bytes it held when idle, and a JSON answer.
    """
    if "--child" not in sys.argv:
        return False
    name, *arguments = sys.argv[sys.argv.index("--child") + 1 :]
    seconds, idle, answer = contestants[name](*(json.loads(argument) for argument in arguments))
    peak = peak_memory()
    say(json.dumps({"seconds": seconds, "peak": peak, "work": peak - idle, "answer": answer}))
    return True


def alternating(rounds: int, contestants: Mapping[str, Callable[[int], Measured]]) -> dict[str, list[Measured]]:
    """Run every contestant once in each round, in turns, so that what the machine does meanwhile hits all alike."""
    found: dict[str, list[Measured]] = {name: [] for name in contestants}
    for number in range(rounds):
        for name in list(contestants) if number % 2 == 0 else reversed(list(contestants)):
            measured = contestants[name](number)
            say(
                f"  round {number + 1}: {name}: {measured.seconds:.2f} s, {measured.peak / 2**20:,.0f} MiB "
                f"({measured.work / 2**20:,.0f} above idle)"
            )
            found[name].append(measured)
    return found


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return float(statistics.median(values))


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return {
        "cpu": model.group(1) if model else platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "python": platform.python_version(),
        "load": list(os.getloadavg()),
    }


def write_figures(claim: str, figures: Mapping[str, Any]) -> None:
    """Write the figures of a claim, with the day and the machine, and print the ones that are numbers."""
    FIGURES.mkdir(exist_ok=True)
    document = {"claim": claim, "measured": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    (FIGURES / f"{claim}.json").write_text(json.dumps({**document, **figures}, indent=1) + "\n")
    for name, value in figures.items():
        if isinstance(value, int | float):
            say(f"{claim}: {name} = {value:,.4g}")


def verdict(name: str, value: float, limit: float) -> bool:
    """Print whether a figure keeps its limit, and return it."""
    kept = value <= limit
    say(f"{'KEPT  ' if kept else 'MISSED'} {name}: {value:,.3g}, at most {limit:g}")
    return kept


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
