"""Starting a version in a process of its own, to see whether it can answer before it replaces another."""

import json
import os
import signal
import subprocess
import sys

from engine.errors import EngineError, ServingError
from engine.serving.replica import ReplicaOrder, build_app
from operators.children.inside import die_with
from operators.contract.errors import OperatorError

SECONDS = 120.0


def try_alone(order: ReplicaOrder, seconds: float = SECONDS) -> None:
    """Start a version and make it answer its example, in a child process that then ends.

    Raises:
        ServingError: It could not; the sentence says why.
    """
    command = [sys.executable, "-P", "-m", "engine.serving.trial", str(os.getpid())]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        said, _ = child.communicate(json.dumps(order.document()), timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        raise ServingError(
            f"It did not start within {seconds:g} seconds.", hint="Its model may be too large."
        ) from None
    if child.returncode:
        raise ServingError(said.strip() or f"Its process ended with status {child.returncode}.")


def main() -> int:
    """Read an order from standard input, try it, and print why it cannot serve; return the exit status.

    The one argument is the process that asked: when that ends, this one does.
    """
    die_with(int(sys.argv[1]))
    try:
        build_app(ReplicaOrder(**json.load(sys.stdin)))
    except (EngineError, OperatorError) as error:
        print(error)  # noqa: T201 - the parent reads this line
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
