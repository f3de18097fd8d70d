"""Build the wheel, install it in a copy of the environment, and see whether what is installed shows every screen.

`.ci/wheel.py FOLDER` leaves the wheel in the folder. Nothing is fetched: the copy is made of links to the files of
this environment, and Tandem in it is replaced by the wheel. What is tried runs outside the checkout.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = "tandem-workbench"
PACKAGES = ("pages", "app", "engine", "operators", "resources", "data_samples")
BESIDES = ("pyproject.toml", "README.md", "LICENSE")
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"
START_S = 90.0
"""Seconds that the screens may take to answer."""
LOOK = """
import sys
from pathlib import Path
import app, data_samples, engine, operators, pages, resources
for package in (app, data_samples, engine, operators, pages, resources):
    assert Path(package.__file__).is_relative_to(sys.prefix), f"{package.__file__} is not of the wheel"

from streamlit.testing.v1 import AppTest
from app.navigation import SCREENS
from app.samples import sample_names

assert len(sample_names()) == 3, f"samples: {sample_names()}"
script = AppTest.from_file(str(Path(app.__file__).parent / "main.py"), default_timeout=60).run()
for screen in SCREENS:
    script.switch_page(str(screen.path)).run()
    assert not script.exception, f"{screen.name}: {script.exception[0].message}"
    assert script.title[0].value, screen.name
    print(f"{screen.name}: {script.title[0].value}")
"""


def tracked() -> list[str]:
    """Return the files of our packages that git tracks and that still exist, in order."""
    listed = subprocess.run(["git", "ls-files", "-z", *PACKAGES], cwd=ROOT, capture_output=True, check=True).stdout
    return sorted(name for name in listed.decode().split("\0") if name and (ROOT / name).is_file())


def build(folder: Path) -> Path:
    """Return the wheel, built in `folder` from tracked files alone, so that none that is no longer there gets in."""
    source = folder / "source"
    for name in (*BESIDES, *tracked()):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    done = subprocess.run([sys.executable, "-c", BUILD, str(folder)], cwd=source, check=True, stdout=subprocess.PIPE)
    return folder / done.stdout.decode().split()[-1]


def installed(folder: Path, wheel: Path) -> Path:
    """Return the programs of a copy of this environment, made in `folder`, with the wheel in place of the checkout."""
    shutil.copytree(sys.prefix, folder, symlinks=True, copy_function=os.link)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "uninstall", "--yes", PROJECT], check=True)
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    return folder / "bin"


def attempt(programs: Path, folder: Path) -> None:
    """Start `tandem up` in a folder of its own, and draw every screen.

    Raises:
        CalledProcessError: A screen cannot be drawn.
        TimeoutError: The screens do not answer.
    """
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {"TANDEM_WORKSPACE": str(folder / "workspace"), "PYTHONUNBUFFERED": "1"}
    with _up(programs, folder, environment) as url, urllib.request.urlopen(url, timeout=5) as page:  # noqa: S310 (ours)
        sys.stdout.write(f"{url} answers {page.status}\n")
        sys.stdout.flush()
        subprocess.run([str(programs / "python"), "-c", LOOK], cwd=folder, env=environment, check=True)


@contextmanager
def _up(programs: Path, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [str(programs / "tandem"), "up", "--no-browser", "--port", port]
    log = folder / "up.log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=file, stderr=file)
    try:
        yield _url(process, log)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _url(process: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        if told := re.search(r"http://[\d.]+:\d+", log.read_text()):
            return told[0]
        time.sleep(0.2)
    raise TimeoutError(f"The screens do not answer: {log.read_text()[-2000:]}")


def main(folder: Path) -> None:
    """Build the wheel, try it, and leave it in a folder."""
    near = Path(sys.prefix).parent / "build"  # links reach no other disk
    near.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="wheel-", dir=near) as inside, tempfile.TemporaryDirectory() as outside:
        wheel = build(Path(inside))
        attempt(installed(Path(inside) / "environment", wheel), Path(outside))
        folder.mkdir(parents=True, exist_ok=True)
        shutil.move(wheel, folder / wheel.name)
    sys.stdout.write(f"{folder / wheel.name}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
