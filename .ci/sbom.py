"""Write what is installed as a bill of materials: CycloneDX 1.6 in JSON (ECMA-424)."""

import json
import platform
import sys
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any
from urllib.parse import quote

from installed import PROJECT, exceptions, installed, needs, reached
from licences import spdx, stated

JOINTS = (" AND ", " OR ", " WITH ")


def bill(found: Mapping[str, Distribution], written: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bill: components with versions, addresses (purl) and licences, and what each depends on.

    Tandem itself is what the bill is about. What only its development needs has the scope `excluded`.

    Args:
        found: What is installed, Tandem among it.
        written: The exceptions of licences: theirs is concluded, the others are declared.
    """
    edges, shipped = needs(found, ["dev"]), reached(needs(found))
    parts = {name: _component(name, one, written.get(name)) for name, one in found.items()}
    about = {**parts.pop(PROJECT), "type": "application"}
    about["purl"] = about["bom-ref"] = about["bom-ref"].replace("pkg:pypi", "pkg:generic")  # no index has it
    for name, part in parts.items():
        part["scope"] = "required" if name in shipped else "excluded"
    every = {PROJECT: about, **parts}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
            "lifecycles": [{"phase": "build"}],
            "tools": {
                "components": [{"type": "application", "name": "Tandem .ci/sbom.py", "version": about["version"]}]
            },
            "component": about,
            "properties": [{"name": "python", "value": platform.python_version()}],
        },
        "components": list(parts.values()),
        "dependencies": [
            {"ref": every[name]["bom-ref"], "dependsOn": sorted(every[other]["bom-ref"] for other in edges[name])}
            for name in every
        ],
    }


def _component(name: str, one: Distribution, exception: Mapping[str, str] | None) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{quote(one.version)}"
    told = (exception["licence"],) if exception else tuple(stated(one.metadata))
    licences = _licences(told, "concluded" if exception else "declared")
    part = {"type": "library", "bom-ref": purl, "name": one.metadata["Name"], "version": one.version, "purl": purl}
    return {**part, **({"licenses": licences} if licences else {})}


def _licences(told: tuple[str, ...], how: str) -> list[dict[str, Any]]:
    """Return licences as the format wants them: one expression, or any number of identifiers and names."""
    if len(told) == 1 and spdx(told[0]) and any(joint in told[0] for joint in JOINTS):
        return [{"expression": told[0], "acknowledgement": how}]
    single = {one: spdx(one) is not None and not any(joint in one for joint in JOINTS) for one in told}
    return [{"license": {"id" if single[one] else "name": one, "acknowledgement": how}} for one in told]


def main(target: str, *folders: str) -> int:
    """Write the bill of this environment, or of the folders that are named, to `target`; return 1 without Tandem."""
    found = installed(folders)
    if PROJECT not in found:
        sys.stderr.write(f"{PROJECT} is not installed there: make install.\n")
        return 1
    document = bill(found, exceptions("licences"))
    path = Path(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    sys.stdout.write(f"{path}: {len(document['components'])} components\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
