"""Each capability, and each system call beyond Docker's default, is there for a feature which fails
without it: what nothing needs is not given."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .conftest import SPECIFICATION, Sandbox

ENGINE = Path(__file__).parents[2] / "sandbox" / "engine"
GIVEN = json.loads(SPECIFICATION.read_text())["HostConfig"]
PROFILE = json.loads((ENGINE / "seccomp.json").read_text())
REASONS = json.loads((ENGINE / "permissions.json").read_text())
BEYOND = next(group for group in PROFILE["syscalls"] if "the engine inside" in group["comment"])

RUN = "docker run --rm busybox true"
# What is done as root fails before there is an engine.
FEATURES = {
    "SYS_ADMIN": "root: mount -t tmpfs none /mnt",
    "NET_ADMIN": "root: ip link add bridge9 type bridge",
    "SYS_PTRACE": "docker run -d --user 33 --name other busybox sleep 9 && docker exec other true",
    "CHOWN": "root: chown student /mnt",
    "DAC_OVERRIDE": "root: touch /home/student/mine",
    # The engine gives every container these, and runc refuses to start one without any of them.
    **dict.fromkeys(["FOWNER", "FSETID", "SETUID", "SETGID", "SETPCAP", "SETFCAP"], RUN),
    **dict.fromkeys(["SYS_CHROOT", "KILL", "NET_BIND_SERVICE", "NET_RAW", "MKNOD"], RUN),
    "AUDIT_WRITE": RUN,
    "clone": "root: perl -e 'exit !defined fork'",
    "clone3": "root: dockerd --version",
    **dict.fromkeys(["mount", "umount2", "pivot_root", "sethostname", "setns", "unshare"], RUN),
}


def tried(sandbox: Sandbox, name: str) -> int:
    feature = FEATURES[name]
    if feature.startswith("root: "):
        return sandbox.run("sh", "-c", feature.removeprefix("root: "), user="root").returncode
    sandbox.wait_for_engine(30)
    return sandbox.run("sh", "-c", feature).returncode


def without_call(name: str) -> list[str]:
    profile = PROFILE | {"syscalls": [dict(group) for group in PROFILE["syscalls"]]}
    for group in profile["syscalls"]:
        group["names"] = [call for call in group["names"] if call != name]
    profile["syscalls"] = [group for group in profile["syscalls"] if group["names"]]
    return [*GIVEN["SecurityOpt"], f"seccomp={json.dumps(profile)}"]


def test_each_has_its_reason_and_its_feature() -> None:
    assert set(REASONS["capabilities"]) == set(GIVEN["CapAdd"])
    assert set(REASONS["system calls"]) == set(BEYOND["names"])
    assert set(FEATURES) == {*GIVEN["CapAdd"], *BEYOND["names"]}


def test_every_feature_works(new_sandbox: Callable[..., Sandbox]) -> None:
    sandbox = new_sandbox()
    each_once = {feature: name for name, feature in FEATURES.items()}.values()
    assert [name for name in each_once if tried(sandbox, name) != 0] == []


@pytest.fixture(scope="module")
def outcomes(new_sandbox: Callable[..., Sandbox]) -> dict[str, int]:
    """How each feature ended without what it needs: a sandbox for each, a few at a time."""
    changes: dict[str, dict[str, list[str]]] = {
        name: {"CapAdd": [each for each in GIVEN["CapAdd"] if each != name]}
        for name in GIVEN["CapAdd"]
    }
    changes |= {name: {"SecurityOpt": without_call(name)} for name in BEYOND["names"]}
    with ThreadPoolExecutor(4) as pool:
        ended = pool.map(lambda name: tried(new_sandbox(**changes[name]), name), changes)
        return dict(zip(changes, ended, strict=True))


@pytest.mark.parametrize("name", [*GIVEN["CapAdd"], *BEYOND["names"]])
def test_without_it_its_feature_fails(outcomes: dict[str, int], name: str) -> None:
    assert outcomes[name] != 0
