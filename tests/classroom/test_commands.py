"""What the script answers: help, mistakes, ports, and what it finds of the machine."""

import os
from pathlib import Path

import pytest

from .conftest import Script

pytestmark = pytest.mark.alone

JAPANESE = "ja_JP.UTF-8"
LANGUAGES = [("en_US.UTF-8", "Cause: ", "Remedy: "), (JAPANESE, "原因: ", "対処: ")]
DISK = "echo Filesystem 1M-blocks Used Available; echo disk 99999 9 {megabytes} 1%"


@pytest.fixture
def healthy(script: Script) -> Script:
    """A machine with all that a classroom needs, whatever the tests run on."""
    script.fakes = {"df": DISK.format(megabytes=51200), "node": "echo v22.1.0"}
    return script


@pytest.mark.parametrize("arguments", [["--help"], ["up", "--help"], ["doctor", "-h"]])
@pytest.mark.parametrize(
    ("language", "words"), [(JAPANESE, "使い方: "), ("en_US.UTF-8", "Usage: "), ("C", "Usage: ")]
)
def test_help_in_the_persons_language(
    script: Script, language: str, words: str, arguments: list[str]
) -> None:
    script.language = language
    done = script.run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(words)
    for command in (
        "up [--port N] [--host H] [--yes] [--detach]",
        "down",
        "doctor",
        "test",
        "lessons",
        "bench",
        "pack",
    ):
        assert command in done.stdout


def test_without_a_command_help_is_shown_and_it_is_no_success(script: Script) -> None:
    done = script.run()
    assert (done.returncode, done.stdout.startswith("Usage: ")) == (2, True)


@pytest.mark.parametrize(("language", "cause", "remedy"), LANGUAGES)
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["upp"], "upp"),
        (["up", "--prot", "1"], "--prot"),
        (["down", "now"], "now"),
        (["up", "--port"], "--port"),
        (["up", "--parts"], "--parts"),
        (["pack"], "pack"),
        (["pack", "--yes"], "pack"),
        (["up", "--port", "0"], "0"),
        (["up", "--port=65536"], "65536"),
        (["doctor", "--port", "http"], "http"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(
    script: Script, language: str, cause: str, remedy: str, arguments: list[str], named: str
) -> None:
    script.language = language
    done = script.run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    first, second = done.stderr.splitlines()
    assert first.startswith(cause)
    assert named in first
    assert second.startswith(remedy)
    assert "./classroom --help" in second
    assert not script.state.exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en_US.UTF-8", "Port {} is taken by python"), (JAPANESE, "ポート {} は python")],
)
def test_a_taken_port_names_its_process_and_another_port(
    healthy: Script, taken_port: int, language: str, words: str
) -> None:
    healthy.language = language
    done = healthy.run("up", "--port", str(taken_port))
    assert done.returncode == 1
    assert words.format(taken_port) in done.stderr
    assert f"pid {os.getpid()}" in done.stderr
    assert f"./classroom up --port {taken_port + 1}" in done.stderr
    assert not healthy.state.exists()


def test_a_port_with_zeros_before_it_is_the_same_port(healthy: Script) -> None:
    assert "port 8009 " in healthy.run("doctor", "--port", "08009").stdout


def test_doctor_finds_a_good_machine_good(healthy: Script, free_port: int) -> None:
    done = healthy.run("doctor", "--port", str(free_port))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"ok    port {free_port} is free" in done.stdout
    assert "This machine can hold a classroom." in done.stdout
    assert "FIX" not in done.stdout


NO_NAMESPACES = 'case $1 in */max_user_namespaces) echo 0 ;; *) exec /bin/cat "$@" ;; esac'


@pytest.mark.parametrize(
    ("fakes", "variables", "finding", "arrow"),
    [
        ({}, {"HAKONIWA_KERNEL": "5.4.0-200-generic"}, "Kernel 5.4.0-200-generic", "Debian 12"),
        ({}, {"HAKONIWA_KERNEL": "5.15.0-91"}, "Kernel 5.15.0-91 is too old", "Ubuntu 24.04"),
        ({"cat": NO_NAMESPACES}, {}, "Only 0 user namespaces", "sysctl -w"),
        ({"stat": "echo sysfs"}, {}, "No cgroups at /sys/fs/cgroup (sysfs)", "cgroupfs-mount"),
        ({"grep": "exit 1"}, {}, "There is no overlayfs", "modprobe overlay"),
        ({"df": DISK.format(megabytes=3000)}, {}, "has 2 GiB free", "HAKONIWA_STATE"),
        ({"python3": "exit 1"}, {}, "no Python 3.11", "apt-get install python3"),
        ({"node": "echo v18.20.4"}, {}, "no Node 20 or newer (18.20.4)", "Node.js 20"),
        ({}, {"HAKONIWA_RUNTIME": "no-such-runc"}, "no runtime no-such-runc", "HAKONIWA_RUNTIME"),
    ],
)
def test_what_must_be_put_right_stops_up_and_is_explained(
    healthy: Script,
    free_port: int,
    fakes: dict[str, str],
    variables: dict[str, str],
    finding: str,
    arrow: str,
) -> None:
    healthy.fakes |= fakes
    doctor = healthy.run("doctor", "--port", str(free_port), **variables)
    up = healthy.run("up", "--port", str(free_port), **variables)
    for done, report in ((doctor, doctor.stdout), (up, up.stderr)):
        assert done.returncode == 1
        line, remedy = next(
            pair
            for pair in zip(*(report.splitlines()[i:] for i in (0, 1)), strict=False)
            if finding in pair[0]
        )
        assert line.startswith("  FIX ")
        assert remedy.strip().startswith("→ ")
        assert arrow in remedy
    assert "Remedy: " in up.stderr
    assert not healthy.state.exists()


@pytest.mark.parametrize("release", ["5.19.0", "6.1.0-18-amd64", "10.0"])
def test_a_kernel_that_is_new_enough(healthy: Script, release: str) -> None:
    assert f"ok    kernel {release}" in healthy.run("doctor", HAKONIWA_KERNEL=release).stdout


def test_doctor_explains_in_japanese(healthy: Script, taken_port: int) -> None:
    healthy.language = JAPANESE
    done = healthy.run("doctor", "--port", str(taken_port), HAKONIWA_KERNEL="5.4.0")
    assert done.returncode == 1
    assert done.stdout.count("  要対応  ") == 2
    assert "カーネル 5.4.0 は古すぎます" in done.stdout
    assert "要対応の項目が 2 個あります" in done.stderr


def test_a_classroom_that_is_set_up_needs_less_room(healthy: Script) -> None:
    healthy.fakes["df"] = DISK.format(megabytes=2048)
    (healthy.state / "mirror").mkdir(parents=True)
    (healthy.state / "mirror" / "made-from").write_text("something")
    assert "note  " in next(
        line for line in healthy.run("doctor").stdout.splitlines() if "GiB free" in line
    )


def test_doctor_changes_nothing(healthy: Script, tmp_path: Path) -> None:
    healthy.run("doctor")
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]
