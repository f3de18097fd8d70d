"""Check tracked files: none larger than 1 MB, every text file ends with exactly one newline."""

import subprocess
import sys
from pathlib import Path

LIMIT = 1_000_000


def tracked() -> list[Path]:
    """Return the files that git tracks and that still exist."""
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True).stdout
    paths = (Path(name) for name in listed.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def fault(path: Path) -> str | None:
    """Return what is wrong with the file, or None."""
    size = path.stat().st_size
    if size > LIMIT:
        return f"{path}: {size} bytes, more than {LIMIT}"
    content = path.read_bytes()
    if not content or b"\0" in content:
        return None
    if not content.endswith(b"\n") or content.endswith(b"\n\n"):
        return f"{path}: must end with exactly one newline"
    return None


def main(names: list[str]) -> int:
    """Print every fault in the named files, or in all tracked ones; return 1 if there is any."""
    paths = [Path(name) for name in names] or tracked()
    faults = [found for path in paths if (found := fault(path))]
    for found in faults:
        sys.stderr.write(found + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
