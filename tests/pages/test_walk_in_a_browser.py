"""A new user walks from a file to drift in a real browser, over a real engine."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pages.chromium import IN_CHROMIUM, free_port, opened, outside, wait_for
from tests.pages.walk import Walk, from_a_file_to_drift

pytestmark = [*IN_CHROMIUM, pytest.mark.ray]
TANDEM = Path(sys.executable).parent / "tandem"


@pytest.fixture
def workbench_address(tmp_path):
    """`tandem up` in an empty folder, as a user starts it; it ends what it started."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TANDEM_")}
    command = [TANDEM, "--workspace", tmp_path / "workspace", "up", "--no-browser", "--port", str(port)]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, cwd=tmp_path, **silent) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_new_user_comes_from_a_file_to_drift(workbench_address, tab, language):
    opened(tab, workbench_address, "home", language)
    from_a_file_to_drift(Walk(tab, language, f"walk_{language}"))
    assert tab.locator('[data-testid="stException"]').count() == 0
    assert outside(tab) == []
