"""`python -m engine.host --workspace W`: be the engine of a workspace."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from engine.config import Settings, Workspace
from engine.errors import ConfigError, EngineBusyError, EngineError
from engine.host.process import Host
from engine.records.engine_process import BUSY, REFUSED
from engine.records.processes import MARK
from resources.errors import ClusterLostError, ResourceError


def main(arguments: Sequence[str] | None = None) -> int:
    """Be the engine of a workspace; return the exit status.

    That is 0 where it ended orderly, 1 where it broke off, 3 where there is one, 4 where it cannot start.
    """
    parser = argparse.ArgumentParser(prog="engine.host", description="The engine of one workspace.")
    parser.add_argument("--workspace", type=Path, help="Folder of the workspace")
    parser.add_argument("--executor", choices=("ray", "inline"), default="ray", help="Where stages are done")
    parser.add_argument("--ray", help="Address of a Ray cluster; TANDEM_RAY when left out")
    asked = parser.parse_args(arguments)
    os.environ.pop(MARK, None)  # it says what this process is, and nothing of those that it starts
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
    host: Host | None = None
    try:
        settings = Settings(ray=asked.ray) if asked.ray else Settings()
        root = asked.workspace or settings.workspace
        workspace = Workspace.at(root, records_url=settings.records_url, read_only=settings.read_only)
        workspace.require_writable()
        host = Host(workspace, settings, inline=asked.executor == "inline")
        signal.signal(signal.SIGTERM, host.stop)
        signal.signal(signal.SIGINT, host.stop)
        host.run()
    except EngineBusyError as error:
        _say(error)
        return BUSY
    except ValidationError as error:
        wrong = error.errors()[0]
        name = "_".join(str(part) for part in wrong["loc"]).upper()
        _say(
            ConfigError(f"TANDEM_{name}={wrong['input']!r} cannot be used: {wrong['msg']}.", hint="Set another value.")
        )
        return REFUSED
    except ClusterLostError as error:
        _say(error)
        return 1
    except (EngineError, ResourceError) as error:
        _say(error)
        return REFUSED if host is None or not host.was_ready else 1
    return 0


def _say(error: EngineError | ResourceError) -> None:
    sys.stderr.write(f"{error} {error.hint}\n")


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # threads that cannot be stopped, of an inline executor or of Ray, must not hold us back
