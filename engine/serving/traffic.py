"""What the replicas of a service counted, read together: requests a second, how long they took, how many failed."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.serving.meter import KEPT_SECONDS, PREFIX, Meter, Second, upper

NOW_SECONDS = 10
"""Whole seconds over which the figures of the moment are."""
WRITTEN_AFTER = 2
"""Seconds after which what came in a second has been written; younger ones do not count, they are half there."""
_FORGOTTEN = 86_400.0  # seconds after which the file of a replica that is gone is removed


def traffic(folder: Path, *, minutes: float = 5.0, points: int = 60, now: float | None = None) -> dict[str, Any]:
    """Return the figures of the last minutes.

    Args:
        folder: The captures of the service.
        minutes: How far back, at most 10.
        points: Into how many equal pieces the time is cut.
        now: The present moment, in seconds since 1970; all is written by then.

    Returns:
        `{"seconds", "requests", "rate", "p50", "p95", "p99", "refused", "failed", "last", "now": {...}, "series":
        [{"at", "rate", "p50", "p95", "p99", "refused", "failed"}]}`: times in seconds, null where nothing was asked;
        `rate` is requests a second, a mean over `seconds`. `now` has the same figures over the last `NOW_SECONDS` that
        have been written. `last` is the last second in which something was asked.
    """
    present = time.time() if now is None else now
    written = int(present) - (WRITTEN_AFTER if now is None else 0)
    span = min(minutes * 60.0, float(KEPT_SECONDS))
    width = span / points
    start = present - span
    pieces = [Second(0) for _ in range(points)]
    last, recent = None, Second(0)
    for second in _seconds(folder):
        last = max(last or 0, second.at)
        if written - NOW_SECONDS < second.at <= written:
            _join(recent, second)
        if start <= second.at < present + 1:
            _join(pieces[min(points - 1, int((second.at - start) / width))], second)
    whole = Second(0)
    for piece in pieces:
        _join(whole, piece)
    series = [{"at": start + (i + 1) * width, **_figures(piece, width)} for i, piece in enumerate(pieces)]
    lately = {"seconds": NOW_SECONDS, **_figures(recent, NOW_SECONDS)}
    return {"seconds": span, **_figures(whole, span), "last": last, "now": lately, "series": series}


def percentile(times: Counter[int], share: float) -> float | None:
    """Return the time in seconds that `share` (in (0, 1]) of the requests did not exceed; None without requests."""
    wanted, seen = share * times.total(), 0
    for number in sorted(times):
        seen += times[number]
        if seen >= wanted:
            return upper(number)
    return None


def prometheus(meter: Meter, service: str, version: str) -> str:
    """Return the counts of this replica since it began, in the text that Prometheus reads."""
    labels = f'service="{service}",version="{version}"'
    total = meter.total
    kinds = {"answered": total.answered, "refused": total.refused, "failed": total.failed}
    lines = ["# TYPE tandem_requests_total counter"]
    lines += [f'tandem_requests_total{{{labels},outcome="{kind}"}} {count}' for kind, count in kinds.items()]
    lines.append("# TYPE tandem_request_seconds histogram")
    seen = 0
    for number in sorted(total.times):
        seen += total.times[number]
        lines.append(f'tandem_request_seconds_bucket{{{labels},le="{upper(number):.6g}"}} {seen}')
    lines.append(f'tandem_request_seconds_bucket{{{labels},le="+Inf"}} {seen}')
    lines += [f"tandem_request_seconds_sum{{{labels}}} {meter.seconds:.6f}"]
    lines += [f"tandem_request_seconds_count{{{labels}}} {seen}"]
    return "\n".join(lines) + "\n"


def _figures(counted: Second, width: float) -> dict[str, Any]:
    requests = counted.times.total()
    return {
        "requests": requests,
        "rate": requests / width,
        **{f"p{share}": percentile(counted.times, share / 100) for share in (50, 95, 99)},
        "refused": counted.refused,
        "failed": counted.failed,
    }


def _join(into: Second, other: Second) -> None:
    into.answered += other.answered
    into.refused += other.refused
    into.failed += other.failed
    into.times.update(other.times)


def _seconds(folder: Path) -> Iterator[Second]:
    for document in _documents(folder):
        for at, answered, refused, failed, times in document["seconds"]:
            yield Second(at, answered, refused, failed, Counter({int(n): count for n, count in times.items()}))


def _documents(folder: Path) -> Sequence[dict[str, Any]]:
    """Return what each replica wrote; what cannot be read is left out, what is long gone is removed."""
    found = []
    for path in sorted(folder.glob(f"{PREFIX}*.json")):
        with suppress(OSError, ValueError):
            if time.time() - path.stat().st_mtime > _FORGOTTEN:
                path.unlink(missing_ok=True)
                continue
            found.append(json.loads(path.read_text("utf-8")))
    return found
