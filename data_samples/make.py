"""Write every sample again: `python -m data_samples.make [FOLDER]`."""

import sys
from pathlib import Path

from data_samples import churn, traffic, tumours


def write_all(folder: Path) -> None:
    """Write the nine files into `folder`, which exists."""
    for sample in (churn, traffic, tumours):
        sample.write(folder)


if __name__ == "__main__":
    write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
