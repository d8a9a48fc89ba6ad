"""The internet for classes that have it: what works there, and who gets it."""

import time

import pytest

from .conftest import Sandbox
from .own_internet import OwnInternet, own_internet

pytestmark = pytest.mark.alone

__all__ = ["own_internet"]

GATEWAY = "/run/hakoniwa/internet/gateway.sock"
TRUST = "--cacert /etc/ssl/certs/outside.pem"


def curl(sandbox: Sandbox, arguments: str, user: str = "student") -> str:
    """In a login shell, as a terminal has it: what was answered, or what curl says."""
    done = sandbox.run("bash", "-lc", f"curl -sS -m 15 {arguments}", user=user)
    return (done.stdout + done.stderr).strip()


def test_a_shell_reaches_public_servers(own_internet: OwnInternet) -> None:
    learner = own_internet.learner
    assert curl(learner, "http://page.example.org/a?b") == (
        "outside: /a?b of page.example.org, close"
    )
    assert curl(learner, f"{TRUST} https://page.example.org/").startswith("outside: / of page")
    assert curl(learner, "http://six.example.org:80/").startswith("outside: / of six")
    assert curl(learner, "-d @/bin/bash http://page.example.org/").endswith("bytes")


@pytest.mark.parametrize("network", ["bridge", "mine", "host"])
def test_a_container_reaches_them_whatever_its_network(
    own_internet: OwnInternet, network: str
) -> None:
    learner = own_internet.learner
    learner.run("docker", "network", "create", "mine")
    command = f"docker run --rm --network {network} busybox wget -qO- http://page.example.org/"
    assert learner.shell(command, seconds=120).startswith("outside: / of page")


def test_an_image_that_the_mirror_lacks_is_pulled(own_internet: OwnInternet) -> None:
    learner = own_internet.learner
    assert "Downloaded" in learner.shell("docker pull hub.example.org/library/busybox", seconds=60)


def test_a_build_reaches_them(own_internet: OwnInternet) -> None:
    dockerfile = "FROM busybox\nRUN wget -qO /page http://page.example.org/built\n"
    learner = own_internet.learner
    learner.shell(f"mkdir -p ~/b && printf '{dockerfile}' > ~/b/Dockerfile", seconds=10)
    learner.shell("docker build -q -t built ~/b", seconds=120)
    assert learner.shell("docker run --rm built cat /page").startswith("outside: /built")


def test_what_the_sandbox_has_itself_is_reached_without_the_proxy(
    own_internet: OwnInternet,
) -> None:
    learner = own_internet.learner
    learner.shell("docker run -d --name web -p 8080:80 nginx", seconds=120)
    try:
        address = learner.shell("docker inspect -f '{{.NetworkSettings.IPAddress}}' web")
        for where in ("localhost:8080", address):
            retry = "--retry 20 --retry-all-errors --retry-delay 0"
            assert "nginx" in curl(learner, f"{retry} http://{where}/")
    finally:
        learner.shell("docker rm -f web")


def test_whoever_may_not_is_told_why(own_internet: OwnInternet) -> None:
    for sandbox in (own_internet.without, own_internet.guest):
        said = curl(sandbox, "http://page.example.org/", user="root")
        assert said.startswith("Hakoniwa: the internet is off here; your instructor can")
        assert "403" in curl(sandbox, "https://page.example.org/")


def test_the_switch_works_at_once_for_what_is_open_too(own_internet: OwnInternet) -> None:
    classmate = own_internet.classmate
    classmate.shell(
        "bash -lc 'curl -s http://page.example.org/flood' < /dev/null > /dev/null 2>&1 &"
    )
    try:
        time.sleep(1)
        classmate.shell("pgrep -x curl")
        own_internet.switch("other", on=False)
        end = time.monotonic() + 6
        while classmate.shell("pgrep -x curl || true"):
            assert time.monotonic() < end, "what is open goes on"
            time.sleep(0.2)
        assert "the internet is off" in curl(classmate, "http://page.example.org/")
        assert "ended: not allowed any more" in own_internet.logged()
    finally:
        own_internet.switch("other", on=True)
    time.sleep(2.5)
    assert curl(classmate, "http://page.example.org/").startswith("outside: ")


def test_each_connection_is_in_the_log(own_internet: OwnInternet) -> None:
    curl(own_internet.learner, "http://page.example.org/logged")
    assert " page.example.org:80: " in own_internet.logged().splitlines()[-1]
    assert "bytes out" in own_internet.logged().splitlines()[-1]


def test_a_sandbox_without_a_gateway_is_as_ever(sandbox: Sandbox) -> None:
    """`docker pull` of what the mirror lacks says the same as where nothing was ever offered."""
    assert sandbox.shell("bash -lc env | grep -i proxy || true") == ""
    sandbox.shell("test ! -e ~/.docker && test ! -e /etc/profile.d/hakoniwa-internet.sh")
    assert "192.0.2.1" not in sandbox.shell("ip address")
    assert "Could not resolve host" in curl(sandbox, "http://page.example.org/")
    assert "proxyconnect" not in sandbox.refused("docker pull no-such-image", "student")
