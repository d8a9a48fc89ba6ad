"""Another program, run within a bound of time and of what is read from it."""

import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_ERRORS = 64 * 1024
PIECE = 64 * 1024


@dataclass(frozen=True)
class Ended:
    """`last_words` is the last line of what it wrote to its error output."""

    output: bytes
    last_words: str
    code: int


def run_bounded(
    command: Sequence[str], folder: str, environment: Mapping[str, str], most: int, end: float
) -> Ended:
    """Runs until it ends, or has printed more than `most` bytes, of which one more is returned.

    `end` is of the monotonic clock. Raises TimeoutError, FileNotFoundError.
    """
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        ) as process,
    ):
        try:
            output = _read(process, most, end)
            if len(output) > most:
                os.killpg(process.pid, signal.SIGKILL)
            code = process.wait(max(end - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise TimeoutError from None
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        return Ended(output, _last_line(errors.fileno()), code)


def _read(process: "subprocess.Popen[bytes]", most: int, end: float) -> bytes:
    """Up to a byte more than `most`. Raises TimeoutError."""
    assert process.stdout is not None  # noqa: S101 (it is a pipe)
    output = bytearray()
    while len(output) <= most:
        if not select.select([process.stdout], [], [], max(end - time.monotonic(), 0))[0]:
            raise TimeoutError
        piece = os.read(process.stdout.fileno(), min(PIECE, most + 1 - len(output)))
        if not piece:
            break
        output += piece
    return bytes(output)


def _last_line(file: int) -> str:
    size = os.fstat(file).st_size
    written = os.pread(file, MOST_ERRORS, max(size - MOST_ERRORS, 0))
    lines = written.decode(errors="replace").strip().splitlines()
    return "".join(sign for sign in lines[-1][:300] if sign.isprintable()) if lines else ""
