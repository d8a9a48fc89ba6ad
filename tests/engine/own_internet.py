"""An internet of a test's own: two network namespaces, one for the gateway, one for servers.

No packet leaves this machine. The servers also have addresses that are not public, and the gateway
has a route to each: what is refused could have been reached.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from docker import APIClient

from tests.browser.conftest import Site

from .conftest import Sandbox

ROOT = Path(__file__).parents[2]
PUBLIC, PUBLIC_6, OF_THE_GATEWAY = "93.184.215.14", "2606:2800:21f::14", "93.184.215.1"
NOT_PUBLIC = (
    *("10.1.2.3", "172.16.9.9", "192.168.7.7", "100.64.1.1", "169.254.169.254", "198.18.0.5"),
    *("192.0.0.8", "203.0.113.7", "240.0.0.7", "fd00::7", "64:ff9b::a01:203", "2001::a01:203"),
    *("2002:a01:203::1", "fec0::7"),
)
HOSTS = f"""
{PUBLIC} page.example.org hub.example.org both.example.org
{PUBLIC_6} six.example.org
10.1.2.3 both.example.org inside.example.org
169.254.169.254 metadata.example.org
fd00::7 inside6.example.org
127.0.0.1 loopback.example.org
{OF_THE_GATEWAY} site.example.org
"""
SETUP = """
from hakoniwa.accounts.models import Cohort, User
from sandbox.models import Sandbox
from sandbox.lifecycle import State
for name, role, internet, container in {people!r}:
    cohort = None if internet is None else Cohort.objects.create(name=name, internet=internet)
    owner = User.objects.create(username=name, name=name, role=role, cohort=cohort)
    Sandbox.objects.create(owner=owner, state=State.CLAIMED, container=container)
"""


@dataclass
class OwnInternet:
    """Sandboxes of all kinds of people, and the gateway that they see."""

    site: Site
    log: Path
    shared: Path  # what sandboxes have as /run/hakoniwa
    gateway: "subprocess.Popen[bytes]"
    learner: Sandbox
    classmate: Sandbox  # of another class that has the internet, in truth
    without: Sandbox
    guest: Sandbox

    def switch(self, name: str, *, on: bool) -> None:
        self.site.manage(
            "shell",
            "--command",
            "from hakoniwa.accounts.models import Cohort;"
            f"Cohort.objects.filter(name={name!r}).update(internet={on})",
        )

    def memory(self) -> int:
        status = Path(f"/proc/{self.gateway.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def logged(self) -> str:
        return self.log.read_text()


def do(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr}"


@contextlib.contextmanager
def networks(name: str) -> Iterator[tuple[str, str]]:
    """Names of the gateway's and the servers' namespace."""
    gate, out = f"{name}-gate", f"{name}-out"
    etc = Path("/etc/netns", gate)
    try:
        for space in (gate, out):
            do("ip", "netns", "add", space)
            do("ip", "-n", space, "link", "set", "lo", "up")
        do(*f"ip -n {gate} link add way type veth peer name way netns {out}".split())
        do(*f"ip -n {gate} address add {OF_THE_GATEWAY}/24 dev way".split())
        do(*f"ip -n {gate} address add 2606:2800:21f::1/64 dev way nodad".split())
        for address in (f"{PUBLIC}/24", f"{PUBLIC_6}/64", *NOT_PUBLIC):
            nodad = ["nodad"] if ":" in address else []
            do("ip", "-n", out, "address", "add", address, "dev", "way", *nodad)
        for space in (out, gate):
            do("ip", "-n", space, "link", "set", "way", "up")
        do("ip", "-n", gate, "route", "add", "default", "via", PUBLIC)
        do("ip", "-n", gate, "route", "add", "default", "via", PUBLIC_6)
        etc.mkdir(parents=True)
        (etc / "hosts").write_text(HOSTS)
        (etc / "resolv.conf").write_text(f"nameserver {PUBLIC}\n")
        yield gate, out
    finally:
        shutil.rmtree(etc, ignore_errors=True)
        for space in (gate, out):
            subprocess.run(["ip", "netns", "delete", space], check=False)


@contextlib.contextmanager
def running(command: list[str], log: Path, **variables: str) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | variables, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def wait_for(what: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)


@pytest.fixture(scope="module")
def own_internet(
    tmp_path_factory: pytest.TempPathFactory,
    engine: APIClient,
    new_sandbox: Callable[..., Sandbox],
) -> Iterator[OwnInternet]:
    name = f"hakoniwa-{os.getpid()}"
    folder, mirror = tmp_path_factory.mktemp("internet"), Path(os.environ["HAKONIWA_MIRROR_DIR"])
    # A folder of its own to be mounted: other tests' sandboxes are to have no internet.
    shared = mirror.parent / name
    certificate = folder / "certificate.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=hub.example.org"
    names = "subjectAltName=DNS:hub.example.org,DNS:page.example.org"
    files = ["-keyout", str(certificate), "-out", str(folder / "public.pem")]
    do(*make.split(" "), "-addext", names, *files)
    public = (folder / "public.pem").read_text()
    certificate.write_text(certificate.read_text() + public)
    site = Site(folder, HAKONIWA_INTERNET="1", HAKONIWA_MIRROR_DIR=str(shared))
    site.manage("migrate", "--verbosity", "0")
    log = folder / "gateway.log"
    with networks(name) as (gate, out):
        (shared / "internet").mkdir(parents=True)
        (shared / "registry.sock").hardlink_to(mirror / "registry.sock")
        server = [sys.executable, "-m", "tests.engine.outside", str(mirror / "registry.sock")]
        gateway = [sys.executable, "manage.py", "internet_gateway"]
        inside = ["ip", "netns", "exec", gate]
        with (
            running(["ip", "netns", "exec", out, *server, str(certificate)], log),
            # The site itself, as it were, on the gateway's machine.
            running([*inside, *server, str(certificate)], log),
            running([*inside, *gateway], log, **site.environment) as process,
        ):
            wait_for((shared / "internet" / "gateway.sock").is_socket, log)
            binds = [f"{shared}:/run/hakoniwa:ro"]
            boxes = [new_sandbox(Binds=binds) for _person in range(4)]
            kinds: list[tuple[str, str, bool | None]] = [
                ("class", "learner", True),
                ("other", "learner", True),
            ]
            kinds += [("offline", "learner", False), ("guest", "guest", None)]
            people = [(*kind, box.container) for kind, box in zip(kinds, boxes, strict=True)]
            site.manage("shell", "--command", SETUP.format(people=people))
            boxes[0].wait_for_engine()
            boxes[0].run("tee", "/etc/ssl/certs/outside.pem", user="root", typed=public)
            own = "/etc/docker/certs.d/hub.example.org"
            boxes[0].shell(f"mkdir -p {own} && cp /etc/ssl/certs/outside.pem {own}/ca.crt", "root")
            page = "curl -s -x 192.0.2.1:3128 http://page.example.org/"
            wait_for(lambda: "outside" in boxes[1].run("bash", "-c", page).stdout, log)
            yield OwnInternet(site, log, shared, process, *boxes)
    shutil.rmtree(shared)


__all__ = ["OwnInternet", "own_internet"]
