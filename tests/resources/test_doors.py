"""Nothing of a workspace's Ray can be reached from outside this machine, services included."""

import os
import socket
import urllib.request

import pytest

from resources.doors import Door, listening
from resources.processes import ProcessId


@pytest.fixture
def served(ray_driver):
    """The port of a Ray Serve with one service on the session's Ray."""
    from ray import serve

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve.start(proxy_location="HeadOnly", http_options={"host": "127.0.0.1", "port": port})

    def answer(request):
        return "here"

    serve.run(serve.deployment(ray_actor_options={"num_cpus": 0.1})(answer).bind(), name="door", route_prefix="/door")
    yield port
    serve.shutdown()


@pytest.mark.ray
def test_a_service_opens_no_door_to_the_outside(served, ray_driver):
    assert urllib.request.urlopen(f"http://127.0.0.1:{served}/door", timeout=30).read() == b"here"
    doors = listening(ray_driver.processes())
    assert any("ServeReplica" in door.program for door in doors)
    assert [door for door in doors if not door.loopback] == []


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "10.1.2.3", "::ffff:10.1.2.3"])
def test_a_door_to_the_outside_would_be_seen(address):
    assert not Door(address, 80, 1, "x").loopback


def test_a_door_that_is_open_is_found():
    with socket.socket() as listener:
        listener.bind(("0.0.0.0", 0))
        listener.listen()
        port = listener.getsockname()[1]
        found = [door for door in listening([ProcessId.of(os.getpid())]) if door.port == port]
    assert [door.loopback for door in found] == [False]
