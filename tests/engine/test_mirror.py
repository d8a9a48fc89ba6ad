"""Images without a network: what a learner can pull, and what nobody can push."""

import json
import os
import socket
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from .conftest import Sandbox


def test_the_lessons_first_command(sandbox: Sandbox) -> None:
    done = sandbox.run("docker", "run", "-i", "ubuntu", "/bin/bash", typed="echo in $HOSTNAME\n")
    assert done.stdout.startswith("in ")
    sandbox.shell("docker rm $(docker ps -aq)")


def test_pull_works_without_any_network(sandbox: Sandbox) -> None:
    assert json.loads(sandbox.shell("ip -json route show default") or "[]") == []
    assert sandbox.shell("ls -l /sys/class/net | grep -v virtual | grep -c net/ || true") == "0"
    assert "Downloaded newer image" in sandbox.shell("docker pull hello-world")


def test_hello_world_says_what_it_is(sandbox: Sandbox) -> None:
    listed = {
        i["reference"]: i for i in json.loads(Path(os.environ["HAKONIWA_IMAGE_LIST"]).read_text())
    }
    greeting = sandbox.shell("docker run --rm hello-world")
    assert "Hello from Docker!" in greeting
    assert ("stand-in" in greeting) == listed["hello-world:latest"]["stand_in"]


def test_every_stand_in_is_labelled(sandbox: Sandbox) -> None:
    listed = json.loads(Path(os.environ["HAKONIWA_IMAGE_LIST"]).read_text())
    assert {"ubuntu:latest", "nginx:latest", "registry:2"} <= {
        i["reference"] for i in listed
    } or any(not i["stand_in"] for i in listed)
    ubuntu = next(i for i in listed if i["reference"] == "ubuntu:latest")
    label = sandbox.shell(
        "docker image inspect -f '{{index .Config.Labels \"org.hakoniwa.stand-in\"}}' ubuntu"
    )
    assert (label == "true") == ubuntu["stand_in"]


def test_unknown_image_fails_at_once(sandbox: Sandbox) -> None:
    started = time.monotonic()
    error = sandbox.refused("docker pull no-such-image-here", user="student")
    assert time.monotonic() - started < 3
    assert "Error response from daemon" in error


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v2/library/ubuntu/blobs/uploads/"),
        ("PUT", "/v2/library/ubuntu/manifests/mine"),
        ("DELETE", "/v2/library/ubuntu/manifests/latest"),
    ],
)
def test_mirror_is_read_only(method: str, path: str) -> None:
    with socket.socket(socket.AF_UNIX) as way:
        way.connect(os.environ["HAKONIWA_MIRROR_DIR"] + "/registry.sock")
        connection = HTTPConnection("mirror")
        connection.sock = way
        connection.request(method, path, body=b"{}" if method == "PUT" else None)
        assert connection.getresponse().status == 405


def test_push_through_the_mirror_is_refused(sandbox: Sandbox) -> None:
    """Docker tries again and again; the image must not be there meanwhile, nor afterwards."""
    sandbox.shell("docker tag ubuntu 127.0.0.1:5055/library/mine")
    sandbox.refused("timeout 5 docker push -q 127.0.0.1:5055/library/mine")
    sandbox.refused("docker pull -q 127.0.0.1:5055/library/mine")


def test_socket_of_the_mirror_cannot_be_replaced(sandbox: Sandbox) -> None:
    sandbox.run("mount", "-o", "remount,rw,bind", "/run/hakoniwa", user="root")
    sandbox.refused("rm /run/hakoniwa/registry.sock")
    sandbox.refused("touch /run/hakoniwa/mine")


def test_learners_own_registry_takes_a_push(sandbox: Sandbox) -> None:
    sandbox.shell("docker run -d --name shelf -p 5000:5000 registry:2")
    try:
        sandbox.shell("curl -sf --retry 5 --retry-connrefused 127.0.0.1:5000/v2/")
        sandbox.shell("docker tag ubuntu localhost:5000/mine && docker push -q localhost:5000/mine")
    finally:
        sandbox.shell("docker rm -fv shelf")
