"""Text from inside a learner's containers: small files and the ends of logs, each cut short."""

import base64
import io
import json
import tarfile
from collections.abc import Iterator
from urllib.parse import quote

from pydantic import ValidationError

from .answers import Answer, Number
from .learner_engine import LearnerEngine

# Read from up to 40 containers in one look, so both are small beside what a look may read.
MOST_FILE_BYTES = 16 * 1024
MOST_LOG_BYTES = 64 * 1024
MOST_LOG_LINES = 100
# Go's io/fs: a folder, a link, a device, a pipe, a socket or something odd.
NOT_REGULAR = 1 << 31 | 1 << 27 | 1 << 26 | 1 << 25 | 1 << 24 | 1 << 21 | 1 << 19
# What the engine writes before each piece of a log: stream, 3 zeroes, length.
FRAME_HEADER = 8


class _PathStat(Answer):
    size: Number
    mode: Number


async def file_exists(engine: LearnerEngine, container: str, path: str) -> bool:
    """Raises EngineAnswerError."""
    return await engine.head(_archive(container, path)) is not None


async def file_content(engine: LearnerEngine, container: str, path: str) -> str | None:
    """None for what is no ordinary file or larger than we read. Raises EngineAnswerError."""
    headers = await engine.head(_archive(container, path))
    if headers is None or not _is_small_file(headers.get("x-docker-container-path-stat", "")):
        return None
    archive = await engine.read(_archive(container, path))
    content = _first_file(archive or b"")
    return None if content is None else content.decode(errors="replace")


async def end_of_log(engine: LearnerEngine, container: str, tty: bool) -> str | None:
    """None where the engine keeps no log. Raises EngineAnswerError."""
    written = f"stdout=1&stderr=1&tail={MOST_LOG_LINES}"
    content = await engine.read(f"/containers/{container}/logs?{written}")
    if content is None:
        return None
    text = content if tty else b"".join(_pieces(content))
    return text[-MOST_LOG_BYTES:].decode(errors="replace")


def _archive(container: str, path: str) -> str:
    return f"/containers/{container}/archive?path={quote(path, safe='')}"


def _is_small_file(header: str) -> bool:
    try:
        stat = _PathStat.model_validate(json.loads(base64.b64decode(header)))
    except (ValueError, RecursionError, ValidationError):
        return False
    return not stat.mode & NOT_REGULAR and 0 <= stat.size <= MOST_FILE_BYTES


def _first_file(archive: bytes) -> bytes | None:
    """Of an archive in memory; nothing is unpacked."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as files:
            member = files.next()
            content = files.extractfile(member) if member and member.isfile() else None
            return content.read(MOST_FILE_BYTES) if content else None
    except (tarfile.TarError, ValueError, OverflowError, RecursionError, OSError):
        return None


def _pieces(framed: bytes) -> Iterator[bytes]:
    place = 0
    while len(header := framed[place : place + FRAME_HEADER]) == FRAME_HEADER:
        place += FRAME_HEADER
        end = place + int.from_bytes(header[4:], "big")
        yield framed[place:end]
        place = end
