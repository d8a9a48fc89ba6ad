"""What Hakoniwa is compared with; the scripts here run with the peers' packages, not ours."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.served_site import MOST_SECONDS, free_port, wait_for_answer


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
