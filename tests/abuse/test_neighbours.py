"""What a learner might try against other learners' sandboxes, the mirror and the site."""

import http.client
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator

import pytest

from tests.engine.conftest import Sandbox

pytestmark = pytest.mark.alone

MIRROR = "http://127.0.0.1:5055"


@pytest.fixture(scope="module")
def neighbour(new_sandbox: Callable[[], Sandbox]) -> Sandbox:
    sandbox = new_sandbox()
    sandbox.wait_for_engine()
    return sandbox


@pytest.fixture(scope="module")
def listening() -> Iterator[int]:
    """A service of the machine at all of its addresses, as the site might be."""
    with socket.create_server(("0.0.0.0", 0)) as server:  # noqa: S104
        server.settimeout(0.2)
        yield server.getsockname()[1]


@pytest.mark.parametrize("network", ["host", "bridge"])
def test_no_port_of_the_machine_can_be_reached(
    sandbox: Sandbox, listening: int, network: str
) -> None:
    addresses = {"127.0.0.1", "172.17.0.1", "169.254.169.254"}
    addresses |= {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None)}  # type: ignore[misc]
    for address in addresses:
        line = f"exec 3<> /dev/tcp/{address}/{listening} && echo CONNECTED"
        output = sandbox.run(
            "docker",
            "run",
            "--rm",
            "--network",
            network,
            "ubuntu",
            "timeout",
            "2",
            "bash",
            "-c",
            line,
        )
        assert "CONNECTED" not in output.stdout, address


@pytest.mark.parametrize(
    "line",
    [
        "ip link set lo netns /proc/1/ns/net",
        "ip link add v0 type veth peer name v1 netns 1 && ip link show v1 netns 1",
        "ip link add m0 link eth0 type macvlan",
        "ip route add default dev lo && curl -m 2 http://192.0.2.1",
        "ip link add w0 type wireguard && ip route add default dev w0 && curl -m 2 http://192.0.2.1",
    ],
)
def test_no_network_leads_out_however_it_is_made(sandbox: Sandbox, line: str) -> None:
    sandbox.refused(f"unshare --net --mount sh -c 'ip link set lo up; {line}'")


def test_two_sandboxes_share_no_memory_queue_socket_or_terminal(
    sandbox: Sandbox, neighbour: Sandbox
) -> None:
    word = f"hakoniwa-{uuid.uuid4().hex}"
    listen = (
        f'use Socket; socket S, 1, 1, 0; bind S, pack_sockaddr_un("\\0{word}"); listen S, 5;'
        " shmget 4242, 64, 0666 | 01000 // die; msgget 4242, 0666 | 01000; $|=1; sleep 60"
    )
    sandbox.shell(f"perl -e '{listen}' > /dev/null 2>&1 & echo {word} > /dev/shm/{word}", "root")
    script = (
        "use Socket; socket S, 1, 1, 0;"
        f' print "socket " if connect S, pack_sockaddr_un("\\0{word}");'
        ' print "memory " if defined shmget 4242, 64, 0; print "queue " if defined msgget 4242, 0;'
        f' print "file " if -e "/dev/shm/{word}"'
    )
    mine = "socket memory queue file"
    end = time.monotonic() + 5
    while sandbox.shell(f"perl -e '{script}'", "root") != mine:
        assert time.monotonic() < end, "the attempt itself must come off"
    assert neighbour.shell(f"perl -e '{script}'", "root") == ""
    assert neighbour.shell("ls /dev/pts", "root") == "ptmx"
    seen = neighbour.shell(f"cat /proc/[0-9]*/cmdline | grep -c '[h]{word[1:]}' || true", "root")
    assert seen == "0"
    sandbox.shell(f"pkill -9 perl; rm /dev/shm/{word}", "root")


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("what", ["manifests/latest", "blobs/uploads/", f"blobs/sha256:{'0' * 64}"])
def test_the_mirror_takes_nothing(sandbox: Sandbox, method: str, what: str) -> None:
    line = f"curl -sS -o /dev/null -w '%{{http_code}}' -X {method} -d x"
    code = sandbox.shell(f"{line} {MIRROR}/v2/library/ubuntu/{what}")
    assert code in ("404", "405"), code


def test_the_mirrors_socket_can_be_neither_removed_nor_replaced(
    sandbox: Sandbox, neighbour: Sandbox
) -> None:
    """The folder is mounted read-only, which its root may undo; whose it is, it may not."""
    attempts = [
        "mount -o remount,rw,bind /run/hakoniwa", "touch /run/hakoniwa/mine",
        "rm -f /run/hakoniwa/registry.sock", "mv /run/hakoniwa/registry.sock /run/hakoniwa/old",
        "chmod 000 /run/hakoniwa/registry.sock", "chown 0 /run/hakoniwa/registry.sock",
        "socat UNIX-LISTEN:/run/hakoniwa/registry.sock /dev/null",
        "docker run --rm -v /run/hakoniwa:/m ubuntu rm -f /m/registry.sock",
    ]  # fmt: skip
    before = neighbour.shell("ls -ln /run/hakoniwa")
    assert "registry.sock" in before
    sandbox.run("bash", "-c", "; ".join(attempts), user="root")
    assert neighbour.shell("ls -ln /run/hakoniwa") == before
    assert neighbour.shell(f"curl -sS -o /dev/null -w '%{{http_code}}' {MIRROR}/v2/") == "200"


def test_the_mirror_gives_images_and_no_other_file(sandbox: Sandbox) -> None:
    for path in (
        "/v2/../../../etc/passwd",
        "/v2/%2e%2e/%2e%2e/etc/passwd/tags/list",
        "/debug/vars",
    ):
        answer = sandbox.shell(f"curl -sS --path-as-is '{MIRROR}{path}'")
        assert "root:" not in answer
        assert "cmdline" not in answer


def test_connections_that_say_nothing_hold_up_nobodys_pull(
    sandbox: Sandbox, neighbour: Sandbox
) -> None:
    """Three hundred half requests, and as many whose answers are not read."""
    script = (
        'use Socket; for (1 .. 150) { for my $ask ("GET /v2/ HTTP/1.1\\r\\nHost:",'
        ' "GET /v2/library/ubuntu/manifests/latest HTTP/1.1\\r\\nHost: m\\r\\n\\r\\n") {'
        " socket my $s, 1, 1, 0; connect $s, pack_sockaddr_un('/run/hakoniwa/registry.sock')"
        " or die; syswrite $s, $ask; push @all, $s } } $|=1; print 'held'; sleep 60"
    )
    holding = threading.Thread(
        target=sandbox.run, args=("perl", "-e", script), kwargs={"user": "root"}
    )
    holding.start()
    try:
        time.sleep(0.5)
        neighbour.shell("docker pull -q busybox && docker rmi busybox", seconds=20)
    finally:
        sandbox.shell("pkill -9 perl || true", "root")
        holding.join()


def test_a_request_too_large_ends_itself_only(sandbox: Sandbox, neighbour: Sandbox) -> None:
    request = "printf 'GET /v2/ HTTP/1.1\\r\\nX: '; head -c 50000000 /dev/zero | tr '\\0' a"
    flood = f"({request}) | socat -t1 - UNIX:/run/hakoniwa/registry.sock"
    answer = sandbox.run("bash", "-c", flood, user="root").stdout
    assert answer == "" or " 431 " in answer.splitlines()[0]
    assert neighbour.shell(f"curl -sS -o /dev/null -w '%{{http_code}}' {MIRROR}/v2/") == "200"


def test_the_sandboxes_published_port_is_seen_by_itself_alone(
    sandbox: Sandbox, neighbour: Sandbox
) -> None:
    name = f"web-{uuid.uuid4().hex[:6]}"
    sandbox.shell(f"docker run -d --name {name} -p 8097:80 nginx")
    try:
        sandbox.shell("curl -sS --retry 20 --retry-all-errors --retry-delay 0 localhost:8097")
        neighbour.refused("curl -sS -m 2 localhost:8097", "student")
        with pytest.raises(ConnectionRefusedError):
            http.client.HTTPConnection("127.0.0.1", 8097, timeout=2).request("GET", "/")
    finally:
        sandbox.shell(f"docker rm -f {name}")
