"""Start the processes of a Ray head, all on the loopback address, print where they are, and leave.

Run as `python -m resources.head <options as JSON>` by `resources.cluster`. It builds the node that `ray start
--head` builds, without what that starts besides: the Ray client server, the autoscaler, the dashboard and its
agent, for which `resources.agent` stands in. That leaves fewer doors, 0.4 GB and three seconds less; and `ray start`
refuses to use 127.0.0.1.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"
AGENT = Path(__file__).with_name("agent.py")


def start_head(options: dict[str, Any]) -> dict[str, Any]:
    """Start the processes and return their address and pids.

    Args:
        options: `cpus` and `gpus` (whole numbers), `others` (devices of other kinds, by Ray's names), `memory` and
            `object_store` (bytes), `folder` (for sockets and logs), `preload` (modules that each worker imports
            before its first task) and `ready` (workers that are started in advance).
    """
    from ray._private import services, utils
    from ray._private.node import Node
    from ray._private.parameter import RayParams

    class Head(Node):
        """A head without dashboard."""

        def start_api_server(self, **_: Any) -> None:
            """Start none; the workers are told that there is no address for it."""
            self._webui_url = ""

        def start_raylet(self, *arguments: Any, **more: Any) -> None:
            """Start it with another agent and fewer workers than it would by itself."""
            begin = services.start_ray_process
            session = str(self.get_session_dir_path())  # type: ignore[no-untyped-call]  # Ray's
            services.start_ray_process = lambda command, *rest, **others: begin(
                lean(command, session, options["ready"]), *rest, **others
            )
            super().start_raylet(*arguments, **more)

    utils.get_dashboard_dependency_error = lambda: ImportError("The dashboard is off.")
    settings: dict[str, Any] = {"preload_python_modules": list(options["preload"])}
    parameters = RayParams(
        node_ip_address=LOOPBACK,
        num_cpus=options["cpus"],
        num_gpus=options["gpus"],
        resources=dict(options["others"]),
        memory=options["memory"],
        object_store_memory=options["object_store"],
        temp_dir=options["folder"],
        gcs_server_port=0,  # each process takes a free port by itself
        dashboard_agent_listen_port=0,
        include_dashboard=False,
        include_log_monitor=False,  # type: ignore[arg-type]  # Ray calls this flag a text
        no_monitor=True,
        _system_config=settings,
    )
    node = Head(parameters, head=True, shutdown_at_exit=False, spawn_reaper=False)
    pids = {name: [one.process.pid for one in processes] for name, processes in node.all_processes.items()}
    return {"address": node.address, "pids": pids}


def lean(command: list[str], session: str, ready: int) -> list[str]:
    """Return the command of a raylet with `resources.agent` for an agent, and so many workers in advance."""
    agent = subprocess.list2cmdline([sys.executable, "-I", "-S", "-B", str(AGENT), session])
    changed = {"--dashboard_agent_command": agent, "--num_prestart_python_workers": str(ready)}
    names = [part.partition("=")[0] for part in command]
    if missing := changed.keys() - set(names):
        raise RuntimeError(f"This Ray starts its raylet without {', '.join(sorted(missing))}.")
    return [f"{name}={changed[name]}" if name in changed else part for name, part in zip(names, command, strict=True)]


if __name__ == "__main__":
    print(json.dumps(start_head(json.loads(sys.argv[1]))))  # noqa: T201 - the caller reads this line
