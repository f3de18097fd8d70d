"""Ask what is known of faults (CVE and others) in the pinned versions; where no source answers, say "not checked".

pip-audit skips a package that its source does not know, and then ends with "No known vulnerabilities found" and 0. Here
only what a source has answered counts as checked, and only where it knows the faults of a version known for them.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from installed import ROOT, exceptions
from packaging.utils import canonicalize_name

PROBE = ("django", "1.11")  # has known faults, and is no dependency
SOURCES = ("pypi", "osv")  # the second is asked about what the first does not know
PATIENCE_S = 600
_SAID = 200  # characters of what went wrong


def asked(program: str, pins: Mapping[str, str], options: Sequence[str]) -> tuple[dict[str, list[Any]], str]:
    """Return `{name: faults}` of the pins that a source answered for, and why it did not answer for others.

    A source that does not know the faults of the probe counts only for the faults that it names.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(map("==".join, [*pins.items(), PROBE])))
        file.flush()
        fixed = ["-r", file.name, "--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
        command = [program, *fixed, *options]
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            return {}, str(error)
    try:
        told = json.loads(done.stdout)["dependencies"]
        answered = {str(canonicalize_name(one["name"])): one["vulns"] for one in told if "skip_reason" not in one}
    except (ValueError, KeyError, TypeError):
        return {}, (done.stderr.strip() or "it ended without an answer").splitlines()[-1][:_SAID]
    if not answered:
        return {}, "it knows none of them"
    if not answered.pop(PROBE[0], None):
        return {name: one for name, one in answered.items() if one}, f"it does not know the faults of {' '.join(PROBE)}"
    return answered, "it does not know them"


def told_of(answered: Mapping[str, list[Any]], pins: Mapping[str, str], written: Mapping[str, Any]) -> list[str]:
    """Return a line for each fault for which there is no written exception."""
    return [
        f"{name} {pins[name]}: {', '.join([one['id'], *one['aliases']])}"
        f" (mended by {' or '.join(one['fix_versions']) or 'no release yet'})"
        for name, faults in answered.items()
        for one in faults
        if not written.keys() & {one["id"], *one["aliases"]}
    ]


def audited(program: str, pins: Mapping[str, str], options: Sequence[str]) -> tuple[dict[str, list[Any]], str]:
    """Return `{name: faults}` of the pins that one of the sources answered for, and why others did not."""
    answered: dict[str, list[Any]] = {}
    reasons = []
    for source in SOURCES:
        left = {name: version for name, version in pins.items() if name not in answered}
        if left:
            found, why = asked(program, left, ["--vulnerability-service", source, *options])
            answered |= found
            reasons += [f"{source}: {why}."] if left.keys() - found.keys() else []
    return answered, " ".join(reasons)


def main(arguments: list[str]) -> int:
    """Print what is known of the pins; return 1 for faults, 2 for what is not checked where that is required."""
    parser = argparse.ArgumentParser(description=__doc__, epilog="Other options go to pip-audit.", allow_abbrev=False)
    parser.add_argument("--pins", type=Path, default=ROOT / "constraints.txt", help="file of name==version")
    parser.add_argument("--program", default=Path(sys.executable).with_name("pip-audit"), help="pip-audit")
    parser.add_argument("--required", action="store_true", help="exit 2 if anything is not checked")
    chosen, options = parser.parse_known_args(arguments)
    named = (line.split("==") for line in chosen.pins.read_text("utf-8").split())
    pins = {str(canonicalize_name(name)): version for name, version in named}
    answered, reasons = audited(chosen.program, pins, options)
    faults = told_of(answered, pins, exceptions("advisories"))
    missing = sorted(pins.keys() - answered.keys())
    for line in faults:
        sys.stderr.write(line + "\n")
    if answered:
        sys.stdout.write(f"Checked {len(answered)} of {len(pins)} pinned versions; known faults: {len(faults)}.\n")
    if missing:
        names = ", ".join(missing) if answered else f"none of the {len(pins)} pinned versions"
        sys.stderr.write(f"NOT CHECKED: {names}. {reasons}\n")
    return 1 if faults else 2 if missing and chosen.required else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
