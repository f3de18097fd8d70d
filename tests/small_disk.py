"""A disk of a few megabytes for a program of its own, in a namespace of mounts: nobody else sees it."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]


def can_mount():
    """Return whether this machine lets a disk be mounted in a namespace."""
    tried = [*NAMESPACE, "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    return (
        shutil.which("unshare") is not None and subprocess.run(tried, capture_output=True, check=False).returncode == 0
    )


def run(steps, folder, *arguments, size="4m"):
    """Run steps of a shell in a folder whose `disk/` is small; `$1` is Python, then come the arguments."""
    mounted = f"mkdir -p disk && mount -t tmpfs -o size={size} tmpfs disk\n{steps}"
    asked = [*NAMESPACE, "sh", "-c", mounted, "sh", sys.executable, *arguments]
    environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    found = subprocess.run(asked, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    return found.stdout
