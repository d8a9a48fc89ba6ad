"""What Hakoniwa is compared with; the scripts here run with the peers' packages, not ours."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from benchmarks.served_site import MOST_SECONDS, free_port, wait_for_answer
from sandbox.containers import description


def peers_program(name: str) -> str:
    """The path of a program that the peers' packages bring."""
    if "HAKONIWA_PEERS" not in os.environ:
        sys.exit("HAKONIWA_PEERS is not set: see benchmarks/README.md")
    return str(Path(os.environ["HAKONIWA_PEERS"]) / "bin" / name)


@contextmanager
def terminado() -> Iterator[str]:
    """The address of a terminado that serves shells in sandboxes until the block ends."""
    port = free_port()
    script = Path(__file__).with_name("terminado_server.py")
    server = subprocess.Popen([peers_program("python"), str(script), str(port)])
    try:
        wait_for_answer(f"http://127.0.0.1:{port}/", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=MOST_SECONDS)


@dataclass(frozen=True)
class Hub:
    """A JupyterHub, asked by its own API."""

    address: str
    token: str

    def add_user(self) -> str:
        """The name of somebody new."""
        name = f"learner{secrets.token_hex(4)}"
        self._post(f"users/{name}")
        return name

    def start_server(self, user: str) -> str:
        """The container that was started for them, once the hub says that it is there."""
        answer = self._post(f"users/{user}/server")
        if answer.status_code != requests.codes.created:
            raise RuntimeError(f"the hub has not started it in ten seconds: {answer.text}")
        return f"hub-{user}"

    def _post(self, path: str) -> requests.Response:
        headers = {"Authorization": f"token {self.token}"}
        answer = requests.post(f"{self.address}/hub/api/{path}", headers=headers, timeout=60)
        answer.raise_for_status()
        return answer


@contextmanager
def jupyterhub(terminado_address: str) -> Iterator[Hub]:
    """A hub until the block ends; see hub_config.py."""
    body = description("hub")
    asked = {
        "port": free_port(),
        "token": secrets.token_hex(16),
        "terminado_port": int(terminado_address.rpartition(":")[2]),
        "image": body["Image"],
        "mirror": os.environ["HAKONIWA_MIRROR_DIR"],
        "container": {
            "labels": body["Labels"],
            "volumes": list(body["Volumes"]),
            "host_config": body["HostConfig"],
        },
    }
    of_hub = {"HAKONIWA_HUB": json.dumps(asked), "DOCKER_HOST": os.environ["HAKONIWA_ENGINE"]}
    config = str(Path(__file__).with_name("hub_config.py"))
    with TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [peers_program("jupyterhub"), "--config", config], cwd=folder, env=os.environ | of_hub
        )
        address = f"http://127.0.0.1:{asked['port']}"
        try:
            wait_for_answer(f"{address}/hub/api/", server)
            yield Hub(address, str(asked["token"]))
        finally:
            server.terminate()
            server.wait(timeout=MOST_SECONDS)
