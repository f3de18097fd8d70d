"""Claim: two elastic trainings with half a GPU each reach together 95 % of one alone; the p99 of a fixed service rises
by at most 10 % beside a training that uses the rest; a task that tries to take more memory than its share fails
cleanly in all of 20 tries, and its neighbour in none.

The rival in the same run is the GPU's own time slicing, without the gate. It runs where a GPU and torch are, and says
so where they are not. Checks can be named: `bench_gpu_sharing.py "gpu halves"`.
"""

import sys

from measuring import say, write_figures

from resources.conformance.gpu import gpu_checks
from resources.conformance.trial import Trial
from resources.devices import Inventory


def main() -> int:
    trial = Trial()
    found = []
    for check in gpu_checks(Inventory.of_machine(), trial, sys.argv[1:]):
        found.append(check.document())
        say(f"{ {True: 'held', False: 'NOT HELD', None: 'unsupported'}[check.held]:12} {check.name}: {check.message}")
        write_figures("gpu_sharing", {"checks": found, "figures": trial.figures})
    return int(any(one["held"] is False for one in found))


if __name__ == "__main__":
    sys.exit(main())
