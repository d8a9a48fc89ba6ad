"""The whole site as learners meet it: Daphne in a process of its own, with a new database."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

PROJECT = Path(__file__).resolve().parent.parent
MOST_SECONDS = 30.0


@contextmanager
def served_site(folder: str = "") -> Iterator[str]:
    """The address of a site that runs until the block ends; its database is in the folder."""
    with TemporaryDirectory() as own:
        state = folder or own
        environment = os.environ | {
            "HAKONIWA_STATE_DIR": state,
            "HAKONIWA_ALLOWED_HOSTS": "127.0.0.1",
            "HAKONIWA_GUESTS": "1",
            "HAKONIWA_GUESTS_PER_ADDRESS": "1000",
        }
        for command in ("migrate", "collectstatic --noinput", "load_lessons"):
            manage = [sys.executable, "manage.py", *command.split()]
            subprocess.run(
                manage, cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL
            )
        port = free_port()
        server = [sys.executable, "-m", "hakoniwa.server", "-b", "127.0.0.1", "-p", str(port)]
        with (Path(state) / "site.log").open("w") as log:
            site = subprocess.Popen(
                [*server, "hakoniwa.asgi:application"],
                cwd=PROJECT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_for_answer(f"http://127.0.0.1:{port}/", site)
            yield f"http://127.0.0.1:{port}"
        except Exception:
            sys.stderr.write((Path(state) / "site.log").read_text())
            raise
        finally:
            site.terminate()
            site.wait(timeout=MOST_SECONDS)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for_answer(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + MOST_SECONDS
    while True:
        try:
            requests.get(address, timeout=5)
            return
        except requests.ConnectionError:
            if time.monotonic() > end or server.poll() is not None:
                raise
            time.sleep(0.1)


class Guest:
    """Somebody who has just pressed “Try it as a guest”, with a browser's cookies."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._browser = requests.Session()
        home = self._browser.get(f"{site}/en/", timeout=30).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', home)
        if token is None:
            raise LookupError("the home page has no form for guests")
        self._browser.post(
            f"{site}/en/try/", {"csrfmiddlewaretoken": token[1]}, timeout=30
        ).raise_for_status()

    def claim_sandbox(self) -> str:
        """Start the guest's sandbox; its id."""
        token = self._browser.cookies["csrftoken"]
        answer = self._browser.post(
            f"{self.site}/en/sandboxes/", headers={"X-CSRFToken": token}, timeout=60
        )
        answer.raise_for_status()
        return str(answer.json()["id"])

    def cookies(self) -> str:
        """As a header, for the websocket."""
        return "; ".join(f"{name}={value}" for name, value in self._browser.cookies.items())
