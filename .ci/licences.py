"""Check that everything that is installed may be used: by an allow list of licences and by written exceptions."""

import re
import sys
from collections.abc import Mapping
from importlib.metadata import Distribution
from typing import Any

from installed import exceptions, installed, needs
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

BSD = "BSD License"  # a classifier that does not say which of them: all of them may be used
ALLOWED = {
    *("0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", BSD, "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC"),
    *("MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Unlicense", "Zlib"),
}
"""Licences that ask for no more than their text and the names of the authors."""
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": BSD,
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
SPELLED = {"3-Clause BSD License": "BSD-3-Clause", "Apache 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0"}
COPYLEFT = re.compile(r"\b[AL]?GPL|\bGNU\b|Affero|\bSSPL|Server Side Public|\bBUSL|Business Source", re.IGNORECASE)


def stated(metadata: Any) -> list[str]:
    """Return the licences that metadata state, in SPDX where they can be read so, else in their own words.

    `License-Expression` says all (PEP 639); without it count the older `License` and the classifiers, all of them.
    """
    if expression := metadata.get("License-Expression"):
        return [spdx(expression) or expression]
    ends = [one.split(" :: ")[2:] for one in metadata.get_all("Classifier", []) if one.startswith("License ::")]
    classified = [CLASSIFIERS.get(end[-1], end[-1]) for end in ends if end]
    words = next((line.strip() for line in (metadata.get("License") or "").splitlines() if line.strip()), "")
    field = SPELLED.get(words) or spdx(words)
    if not field and words != "UNKNOWN" and (COPYLEFT.search(words) or not classified):
        field = words
    found = sorted({*classified, *([field] if field else [])})
    return [one for one in found if one != BSD or not any(other.startswith("BSD-") for other in found)]


def spdx(words: str) -> str | None:
    """Return words as an SPDX expression, None if they are none."""
    try:
        return str(canonicalize_license_expression(words))
    except InvalidLicenseExpression:
        return None


def permitted(licence: str) -> bool:
    """Tell whether all of an SPDX expression is allowed; of licences that are joined by OR, one is enough."""
    while inner := re.search(r"\(([^()]*)\)", licence):
        licence = licence.replace(inner.group(), "MIT" if permitted(inner.group(1)) else "refused")
    return any(all(one.strip() in ALLOWED for one in part.split(" AND ")) for part in licence.split(" OR "))


def faults(found: Mapping[str, Distribution], written: Mapping[str, Any]) -> list[str]:
    """Return in words what is wrong with the licences of what is installed, each with a hint."""
    edges = needs(found, ["dev"])
    return [
        f"{name} {one.version}: {said} {_asked(name, edges)}"
        for name, one in found.items()
        if (said := _fault(stated(one.metadata), written.get(name)))
    ]


def _fault(states: list[str], exception: Mapping[str, str] | None) -> str:
    words = "; ".join(states) or "nothing"
    allowed = bool(states) and all(permitted(one) for one in states)
    if exception and (allowed or exception["states"] != words):
        return (
            f"it states {words}, its exception is for {exception['states']}: look anew, and mend .ci/exceptions.toml."
        )
    if allowed or exception:
        return ""
    if any(COPYLEFT.search(one) for one in states):
        return f"it states {words}, which Tandem may not depend on: do without it."
    return f"it states {words}, which is not on the list of .ci/licences.py: read its licence, then write an exception."


def _asked(name: str, edges: Mapping[str, set[str]]) -> str:
    by = ", ".join(sorted(other for other, names in edges.items() if name in names))
    return f"It is needed by {by}." if by else f"Nothing needs it: pip uninstall {name}"


def main(folders: list[str]) -> int:
    """Print every fault in this environment, or in the folders that are named; return 1 if there is any."""
    found = installed(folders)
    wrong = faults(found, exceptions("licences"))
    for line in wrong:
        sys.stderr.write(line + "\n")
    sys.stdout.write(f"Licences of {len(found)} packages read, {len(wrong)} may not be used as they are.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
