"""The process that draws the screens: Streamlit, bound to loopback, its doors closed."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

import app
from app.cli.errors import UsageError

if TYPE_CHECKING:
    from engine import Workbench

SCRIPT = Path(app.__file__).parent / "served.py"
HEALTH = "/_stcore/health"
# As in .streamlit/config.toml, which Streamlit reads only where it is started in the checkout.
OPTIONS = {
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "global.disableWidgetStateDuplicationWarning": "true",
    "server.headless": "true",
    "server.showEmailPrompt": "false",
    "server.fileWatcherType": "none",
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.xsrfCookieSameSite": "strict",
    "server.maxUploadSize": "1024",
    "theme.font": "sans-serif",
    "theme.codeFont": "monospace",
    "theme.headingFont": "sans-serif",
    "theme.light.primaryColor": "#1c64b0",
    "theme.dark.primaryColor": "#2873c8",
    "theme.dark.linkColor": "#85b8f8",
}
HOSTS = ("localhost", "127.0.0.1")
PATIENCE = 60.0
"""Seconds that the screens may take to answer."""


@dataclass
class Screens:
    """The screens of one workspace on one port; start, wait, stop.

    Args:
        host: Loopback address they bind to.
        port: Port they answer on.
        workspace: Folder they work in.
        log: File their output goes to.
        mark: Variables by which `tandem down` finds them.
    """

    host: str
    port: int
    workspace: Path
    log: Path
    mark: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    stopped: bool = field(default=False, init=False)

    @classmethod
    def planned(cls, bench: "Workbench", port: int | None) -> Self:
        """Return screens for a workbench, not started yet.

        Raises:
            ConfigError: The setting `TANDEM_HOST` is not a loopback address.
            UsageError: The port is in use.
        """
        from engine.config import Settings, require_loopback

        settings = Settings()
        host, port = require_loopback(settings.host), port or settings.port
        if _in_use(host, port):
            raise UsageError(f"Port {port} is in use.", hint="Choose another with --port.")
        workspace = bench.workspace
        logs = Path(tempfile.gettempdir()) if workspace.read_only else workspace.logs
        return cls(host, port, workspace.root, logs / f"screens-{port}.log", bench.engine.mark("screens"))

    @property
    def url(self) -> str:
        """Where a browser finds them."""
        return f"http://{self.host}:{self.port}"

    @property
    def failed(self) -> bool:
        """Whether they ended without being stopped."""
        return self.process is not None and not self.stopped and self.process.poll() not in {None, 0, -signal.SIGTERM}

    def start(self) -> int:
        """Start the process, whose output goes to the log, and return its pid."""
        environment = {**os.environ, "TANDEM_WORKSPACE": str(self.workspace), **self.mark}
        with self.log.open("ab") as log:
            self.process = _start(self._command(), environment, log)
        return self.process.pid

    def wait_healthy(self) -> None:
        """Wait until they answer.

        Raises:
            UsageError: They ended, or did not answer in time.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            if _answers(self.url + HEALTH):
                return
            time.sleep(0.1)
        raise UsageError(f"The screens do not answer on {self.url}.", hint=f"See {self.log}.")

    def open_browser(self) -> None:
        """Show them in a browser, where there is a display to show it on."""
        import webbrowser

        if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
            webbrowser.open(self.url)

    def wait(self) -> None:
        """Wait until the process ends."""
        if self.process is not None:
            self.process.wait()

    def stop(self) -> None:
        """End the process, gently first."""
        if self.process is None or self.process.poll() is not None:
            return
        self.stopped = True
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _command(self) -> list[str]:
        options = [f"--{name}={value}" for name, value in OPTIONS.items()]
        hosts = [f"--server.allowedHosts={host}" for host in HOSTS]
        where = [f"--server.address={self.host}", f"--server.port={self.port}"]
        return [sys.executable, "-m", "streamlit", "run", str(SCRIPT), *where, *options, *hosts]


def _start(command: list[str], environment: dict[str, str], log: IO[bytes]) -> "subprocess.Popen[bytes]":
    """Start a child in a group of its own, so that Ctrl-C reaches only us and we end it in order."""
    return subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _in_use(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310 - our own loopback address
            return int(answer.status) == 200  # noqa: PLR2004 - HTTP's word for yes
    except (OSError, urllib.error.URLError):
        return False
