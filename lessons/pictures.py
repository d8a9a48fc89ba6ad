"""The images in a lesson's texts: which files are taken, how large they are shown, how served.

Not to be confused with Docker's images.
"""

import struct
from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpResponse
from django.utils.translation import gettext as _

from . import drawings
from .faults import Fault, LessonError

TYPES = {
    "png": "image/png",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "svg": "image/svg+xml",
}
# In pixels of one side; a small file may unpack to a picture that fills a browser's memory.
LARGEST = 4000
# Whatever a file holds, nothing in it runs, and it reaches nothing, even opened by itself.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"
    ),
    "Cache-Control": "private, max-age=31536000, immutable",
}


class Picture(NamedTuple):
    """An image where a page shows it; `width` and `height` in pixels."""

    path: str
    url: str
    width: int
    height: int


def size_of(path: str, content: bytes) -> tuple[int, int]:
    """Width and height. Raises LessonError for what is no such image, or not one to be shown."""
    ending = path.rsplit(".", 1)[-1]
    if ending == "svg":
        width, height = drawings.size_of(path, content)
    else:
        try:
            width, height = READERS[TYPES[ending]](content)
        except (struct.error, ValueError):
            words = _("This is no readable %(kind)s image.") % {"kind": ending.upper()}
            raise LessonError([Fault(path, words=words)]) from None
    if not 0 < width <= LARGEST or not 0 < height <= LARGEST:
        words = _("An image may be up to %(number)d pixels wide and high.") % {"number": LARGEST}
        raise LessonError([Fault(path, words=words)])
    return width, height


def answer(path: str, content: bytes) -> HttpResponse:
    """The image for an `<img>`; the address must name what it holds, since browsers keep it."""
    return HttpResponse(content, content_type=TYPES[path.rsplit(".", 1)[-1]], headers=HEADERS)


def _size_of_png(content: bytes) -> tuple[int, int]:
    """https://www.w3.org/TR/png-3/#11IHDR"""
    signature, chunk, width, height = struct.unpack_from(">8s4x4sII", content)
    if signature != b"\x89PNG\r\n\x1a\n" or chunk != b"IHDR":
        raise ValueError
    return width, height


def _size_of_jpeg(content: bytes) -> tuple[int, int]:
    """From the frame header, https://www.w3.org/Graphics/JPEG/itu-t81.pdf B.2.2."""
    at = 2
    if content[:at] != b"\xff\xd8":
        raise ValueError
    while True:
        start, marker, length = struct.unpack_from(">BBH", content, at)
        if start != 0xFF:
            raise ValueError
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 + length


def _size_of_webp(content: bytes) -> tuple[int, int]:
    """https://developers.google.com/speed/webp/docs/riff_container"""
    riff, webp, kind = struct.unpack_from("<4s4x4s4s", content)
    if (riff, webp) != (b"RIFF", b"WEBP"):
        raise ValueError
    if kind == b"VP8X":
        sides = struct.unpack_from("<HBHB", content, 24)
        return sides[0] + (sides[1] << 16) + 1, sides[2] + (sides[3] << 16) + 1
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError


READERS: dict[str, Callable[[bytes], tuple[int, int]]] = {
    "image/png": _size_of_png,
    "image/jpeg": _size_of_jpeg,
    "image/webp": _size_of_webp,
}
