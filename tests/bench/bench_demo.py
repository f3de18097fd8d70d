"""Claim: the whole life of a model, `tandem demo`, takes less than two minutes on two cores."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import Stopwatch, verdict, write_figures

LIMIT_S = 120.0


def main() -> int:
    """Run the demo on an empty workspace, engine and all; return 1 where it takes too long."""
    tandem = str(Path(sys.executable).parent / "tandem")
    with tempfile.TemporaryDirectory() as folder:
        where = ["--workspace", str(Path(folder) / "workspace")]
        try:
            with Stopwatch() as watch:
                done = subprocess.run([tandem, "demo", "--json", *where], capture_output=True, text=True, check=False)
        finally:
            subprocess.run([tandem, "down", *where], capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    document = json.loads(done.stdout)
    figures = {
        "seconds": watch.seconds,
        "roc_auc": document["metrics"]["roc_auc"],
        "drifted": document["drift"]["drifted"],
        "fresh_drifted": document["fresh"]["drifted"],
    }
    write_figures("demo", figures)
    return 0 if verdict("seconds of the demo", watch.seconds, LIMIT_S) else 1


if __name__ == "__main__":
    sys.exit(main())
