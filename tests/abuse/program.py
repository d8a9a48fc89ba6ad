"""A program of a learner's own in the place of the page: it speaks the terminal's websocket."""

import contextlib
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from websockets import Origin
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from benchmarks.served_site import Guest


class Program:
    """One connection to one shell of a guest."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.received = 0
        self.close_code: int | None = None
        self.told: list[dict[str, object]] = []

    def read(self, seconds: float = 10, *, acknowledge: bool = True) -> bytes | None:
        """The next bytes; None when nothing comes in time or the connection is over."""
        try:
            frame = self.socket.recv(timeout=seconds)
        except TimeoutError:
            return None
        except ConnectionClosed as closed:
            self.close_code = closed.rcvd.code if closed.rcvd else 1006
            return None
        if isinstance(frame, bytes):
            self.received += len(frame)
            return frame
        message = json.loads(frame)
        if message["type"] == "mark" and acknowledge:
            self.tell(type="ack", mark=message["mark"])
        elif message["type"] != "mark":
            self.told.append(message)
        return b""

    def wait_for(self, text: str, seconds: float = 20) -> None:
        seen = b""
        end = time.monotonic() + seconds
        while text.encode() not in seen:
            piece = self.read(max(0.01, end - time.monotonic()))
            assert piece is not None, f"{text!r} never came: {seen[-1000:]!r} {self.told}"
            seen = (seen + piece)[-100_000:]

    def tell(self, **message: object) -> None:
        with contextlib.suppress(ConnectionClosed):
            self.socket.send(json.dumps(message))

    def type(self, text: str) -> None:
        self.socket.send(text.encode())

    def echo(self, word: str) -> float:
        """Seconds from typing to seeing what the shell made of it."""
        began = time.monotonic()
        self.type(f"echo {word}-$((1+1))\r")
        self.wait_for(f"{word}-2")
        return time.monotonic() - began

    def until_closed(self, seconds: float = 20) -> int:
        """The close code; what comes before it is read."""
        end = time.monotonic() + seconds
        while self.close_code is None:
            assert time.monotonic() < end, "the connection is still open"
            self.read(0.5)
        return self.close_code


class Somebody:
    """A guest with a sandbox."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._guest = Guest(url)
        self.sandbox = self._guest.claim_sandbox()

    @contextmanager
    def shell(self, name: str = "main", **query: int) -> Iterator[Program]:
        size = {"cols": 100, "rows": 30} | query
        text = "&".join(f"{key}={value}" for key, value in size.items())
        address = self._url.replace("http", "ws")
        with connect(
            f"{address}/ws/en/sandboxes/{self.sandbox}/terminals/{name}/?{text}",
            origin=Origin(self._url),
            additional_headers={"Cookie": self._guest.cookies()},
            proxy=None,
            compression=None,
            max_queue=4,
            close_timeout=1,
        ) as socket:
            yield Program(socket)


class MemoryOf:
    """The most memory that a process of ours had while this was watching, in bytes."""

    def __init__(self, pid: int) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "MemoryOf":
        self.before = self.most = self.now()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def grown(self) -> int:
        return self.most - self.before

    def now(self) -> int:
        for line in self._status.read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise LookupError("the process has ended")

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            self.most = max(self.most, self.now())


def put_in_the_launchers_place(engine: str, sandbox: str, lines: str) -> None:
    """Nothing in a sandbox is the site's own: its owner is root there."""
    command = ["docker", "--host", engine, "exec", "--interactive", "--user", "root"]
    subprocess.run(
        [*command, f"hakoniwa-{sandbox}", "tee", "/usr/local/bin/hakoniwa-terminal"],
        input=f"#!/bin/bash\n{lines}\n".encode(),
        check=True,
        stdout=subprocess.DEVNULL,
    )
