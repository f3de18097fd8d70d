import os
import subprocess
import sys

import psutil

from resources.processes import environment_of


def test_the_environment_of_a_process_that_has_just_begun_is_its_own():
    """The kernel lays it out a moment after the process is there: looked at once, 6 of 600 were empty."""
    for _ in range(300):
        begun = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env={**os.environ, "MARKED": "here"}
        )
        try:
            assert environment_of(psutil.Process(begun.pid))["MARKED"] == "here"
        finally:
            begun.kill()
            begun.communicate()
