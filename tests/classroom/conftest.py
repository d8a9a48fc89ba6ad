"""The `classroom` script as a person runs it, kept away from every real engine and classroom."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass
class Script:
    """One copy of the script with a state of its own, in one language."""

    state: Path
    folder: Path = ROOT
    language: str = "en_US.UTF-8"
    fakes: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        ours = ("HAKONIWA_", "DJANGO_", "LC_", "LANG")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        bin_ = self.state.parent / "bin"
        bin_.mkdir(exist_ok=True)
        for name, lines in self.fakes.items():
            (bin_ / name).write_text(f"#!/bin/sh\n{lines}\n")
            (bin_ / name).chmod(0o755)
        return kept | {
            "HAKONIWA_STATE": str(self.state),
            "LANG": self.language,
            "PATH": f"{bin_}:{os.environ['PATH']}",
        }

    def start(self, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
        """In a session of its own, so that nothing it does reaches the tests' terminal."""
        return subprocess.Popen(
            arguments,
            cwd=self.folder,
            env=self.environment() | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def finish(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        process = self.start(*arguments, **variables)
        try:
            out, err = process.communicate(timeout=60)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def run(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        return self.finish(str(self.folder / "classroom"), *arguments, **variables)

    def with_parts(self, lines: str) -> list[str]:
        """A command that runs some lines of bash with the script's functions."""
        head = f"""
            set -euo pipefail
            here={ROOT} state={self.state} run={self.state}
            for part in {ROOT}/.classroom/*.sh; do . "$part"; done
        """
        return ["bash", "-c", head + lines]

    def bash(self, lines: str) -> "subprocess.CompletedProcess[str]":
        return self.finish(*self.with_parts(lines))


@pytest.fixture
def script(tmp_path: Path) -> Script:
    return Script(state=tmp_path / "state")


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture
def free_port() -> int:
    return a_free_port()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
