"""Starting the sandbox engine, with programs that do to a machine what the real ones do."""

import os

import pytest

from .conftest import ROOT, Script

pytestmark = pytest.mark.alone

ENGINE = f"""
    site=throwaway owner_group=root
    . {ROOT}/sandbox/engine/engine.sh
"""
# A dockerd without a bridge deletes docker0, wherever it comes from.
FAKES = {
    "containerd": """exec python3 -c 'import os, socket, time
socket.socket(socket.AF_UNIX).bind(os.environ["SOCKET"]); time.sleep(60)'""",
    "dockerd": "ip link delete docker0; exec sleep 60",
    "docker": "exit 0",
}


@pytest.fixture
def in_a_network(script: Script) -> Script:
    script.fakes = FAKES
    script.state.mkdir()
    return script


def run_in_a_network(script: Script, lines: str) -> list[str]:
    """What the lines print on a machine whose own engine has a docker0."""
    alone = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    prepare = "ip link add docker0 type bridge; trap 'engine_end' EXIT\n"
    done = script.finish(
        *alone,
        *script.with_parts(ENGINE + prepare + lines),
        SOCKET=f"{script.state}/containerd.sock",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_network_of_the_machines_own_engine_is_left_alone(in_a_network: Script) -> None:
    lines = "engine_start; sleep 0.5; ls /sys/class/net; ip -brief link | cut -d' ' -f1"
    assert "docker0" in run_in_a_network(in_a_network, lines)


@pytest.mark.parametrize("dead", ["containerd", "dockerd"])
def test_an_engine_of_which_one_half_died_is_started_again(in_a_network: Script, dead: str) -> None:
    lines = f"""
        engine_start
        engine_is_up && echo up
        read -r pid _ < "$(process_file {dead})"
        kill -9 "$pid"
        wait_until 5 process_gone {dead}
        engine_is_up || echo down
        engine_start
        engine_is_up && echo up
    """
    assert run_in_a_network(in_a_network, lines) == ["up", "down", "up"]


def test_an_engine_with_old_settings_is_started_again(in_a_network: Script) -> None:
    lines = """
        engine_start
        owner_group=daemon
        engine_is_up || echo down
    """
    assert run_in_a_network(in_a_network, lines) == ["down"]
