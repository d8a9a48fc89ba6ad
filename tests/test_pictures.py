"""Images in a lesson: what is taken, how it is shown, and that nothing in it can run."""

import hashlib
import struct
import zlib
from pathlib import Path

import pytest
from django.test import Client

from lessons.catalogue import load_lesson
from lessons.faults import LessonError
from lessons.loader import digest, read_lesson
from lessons.pictures import size_of
from tests.lesson_files import greeting, written_to

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40.4 30">%s</svg>'
XLINK = b'<use xmlns:x="http://www.w3.org/1999/xlink" x:href="%s"/>'


def png(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def jpeg(width: int, height: int) -> bytes:
    application = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF".ljust(14, b"\0")
    return b"\xff\xd8" + application + b"\xff\xc2" + struct.pack(">HBHH", 11, 8, height, width)


def webp(kind: bytes, start: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + kind + b"\0\0\0\0" + start


@pytest.mark.parametrize(
    ("path", "content", "size"),
    [
        ("images/a.png", png(300, 200), (300, 200)),
        ("images/a.jpg", jpeg(300, 200), (300, 200)),
        ("images/a.jpeg", jpeg(1, 1), (1, 1)),
        ("images/a.webp", webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + b"\x2c\x01\xc8\x00"), (300, 200)),
        ("images/a.webp", webp(b"VP8L", b"\x2f" + struct.pack("<I", 299 | 199 << 14)), (300, 200)),
        ("images/a.webp", webp(b"VP8X", b"\0\0\0\0" + b"\x2b\x01\0" + b"\xc7\0\0"), (300, 200)),
        ("images/a.svg", SVG % b"<g/>", (40, 30)),
        (
            "images/a.svg",
            b'<svg xmlns="http://www.w3.org/2000/svg" width="9px" height="8"/>',
            (9, 8),
        ),
        ("images/a.svg", SVG % (b'<g id="a"/>' + XLINK % b"#a"), (40, 30)),
        (
            "images/a.svg",
            SVG % b"<style>a{fill:url(#b)} @media print{a{fill:red}}</style>",
            (40, 30),
        ),
    ],
)
def test_an_image_is_read_for_its_size(path: str, content: bytes, size: tuple[int, int]) -> None:
    assert size_of(path, content) == size


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("images/a.png", b"<script>", "no readable PNG image"),
        ("images/a.png", jpeg(3, 2), "no readable PNG image"),
        ("images/a.jpg", b"\xff\xd8" + b"\xff\xe0\x00\x00" * 9, "no readable JPG image"),
        ("images/a.webp", webp(b"VP8 ", b""), "no readable WEBP image"),
        ("images/a.png", png(30_000, 30_000), "up to 4000 pixels"),
        ("images/a.png", png(0, 5), "up to 4000 pixels"),
        ("images/a.svg", SVG % b"\n <script/>", "a.svg:2:2: A drawing may hold no scripts"),
        ("images/a.svg", SVG % b"<g onload='alert(1)'/>", "may hold no scripts"),
        ("images/a.svg", SVG % b"<a href='javascript:alert(1)'/>", "may hold no scripts"),
        ("images/a.svg", SVG % b"<image href='https://example.org/'/>", "nothing from elsewhere"),
        ("images/a.svg", SVG % XLINK % b"other.svg#a", "nothing from elsewhere"),
        ("images/a.svg", SVG % b"<style>@import 'a.css'</style>", "nothing from elsewhere"),
        ("images/a.svg", SVG % b"<g fill='url( //example.org)'/>", "nothing from elsewhere"),
        ("images/a.svg", SVG % b"<foreignObject/>", "may hold no scripts"),
        ("images/a.svg", b"<?xml-stylesheet href='a'?>" + SVG % b"", "nothing from elsewhere"),
        ("images/a.svg", b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + SVG % b"&b;", "no document type"),
        (
            "images/a.svg",
            SVG % (b"<g id='a'>" + XLINK % b"#b" + b"</g>" + XLINK % b"#a"),
            "repeats",
        ),
        ("images/a.svg", SVG % b"<g/>" * 2, "a.svg:1:73: This is not readable as SVG: junk"),
        ("images/a.svg", SVG % (b"<g/>" * 6000), "too much"),
        ("images/a.svg", b"<g>" * 100_000, "begins with `<svg>`"),
        ("images/a.svg", b"<svg/>", "begins with `<svg>`"),
    ],
)
def test_what_is_no_image_is_refused(path: str, content: bytes, said: str) -> None:
    with pytest.raises(LessonError, match="images/") as caught:
        read_lesson(greeting() | {path: content}, "greeting")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hi\n\n![](images/box.svg)", ":3:1: This image has no words for those who can't see it."),
        ("![a](images/bx.svg)", ":1:1: There is no image `images/bx.svg` in this lesson. Did you"),
        ("1\n2 ![a](lesson.yml)", ":2:3: There is no image `lesson.yml` in this lesson."),
        ("![a](https://example.org/a.png)", ":1:1: There is no image `https://example.org/a.png`"),
    ],
)
def test_a_text_shows_images_of_the_lesson_with_words_for_them(text: str, said: str) -> None:
    with pytest.raises(LessonError) as caught:
        read_lesson(with_picture(text), "greeting")
    assert f"greeting/steps/hello.en.md{said}" in str(caught.value)


@pytest.mark.django_db
def test_an_image_is_shown_and_nothing_in_it_can_run(tmp_path: Path, client: Client) -> None:
    files = with_picture('![A "box"](images/box.svg)')
    folder = written_to(tmp_path / "greeting", files)
    load_lesson(folder)
    page = client.get("/en/lessons/greeting/hello/").content.decode()
    address = "/en/lessons/greeting/1/images/box.svg"
    sha256 = hashlib.sha256(files["images/box.svg"]).hexdigest()
    assert (
        f'<img src="{address}?{sha256[:12]}" alt="A &quot;box&quot;" width="40" height="30"' in page
    )
    answer = client.get(address)
    assert (answer.content, answer["Content-Type"]) == (files["images/box.svg"], "image/svg+xml")
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    for other in (
        "2/images/box.svg",
        "1/images/bx.svg",
        "1/images/%00",
        "1/images/..%2Flesson.yml",
    ):
        assert client.get(f"/en/lessons/greeting/{other}").status_code == 404


def test_another_image_of_the_same_name_makes_another_version() -> None:
    files = with_picture("![a](images/box.svg)")
    other = files | {"images/box.svg": SVG % b"<rect/>"}
    assert digest(read_lesson(files, "greeting")) != digest(read_lesson(other, "greeting"))


def with_picture(text: str) -> dict[str, bytes]:
    return greeting(en=text) | {"images/box.svg": SVG % b"<g/>"}
