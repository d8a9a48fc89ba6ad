"""Lessons that come in archives and folders, go out again, and what is refused on the way."""

import io
import stat
import struct
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lessons.catalogue import load_files
from lessons.faults import LessonError
from lessons.files import MAX_BYTES_IN_ALL, files_in
from lessons.models import LessonVersion
from lessons.transfer import archive as archives
from lessons.transfer import as_archive, read_archive

from .lesson_files import LESSON, greeting, written_to
from .lint_examples import lesson

LINK = (stat.S_IFLNK | 0o777) << 16


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    packed.seek(0)
    return packed


def entry(name: str, mode: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    # As it is, whatever the library makes of such a name.
    info.filename = name
    info.external_attr = mode
    return info


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "in.zip"
    path.write_bytes(as_archive("greeting", lesson()))
    return path


def imported(source: Path | str, *words: str) -> str:
    out = StringIO()
    call_command("lessons", "import", str(source), *words, stdout=out)
    return out.getvalue()


def test_an_archive_is_read_as_it_was_written() -> None:
    packed = as_archive("greeting", lesson())
    assert packed == as_archive("greeting", dict(reversed(lesson().items())))
    assert read_archive(io.BytesIO(packed), "a.zip") == {"greeting": lesson()}


def test_lessons_are_found_where_they_are_and_the_rest_is_passed_over() -> None:
    inner = {f"course-main/lessons/greeting/{path}": text for path, text in greeting().items()}
    beside = {
        "course-main/README.md": b"",
        "course-main/lessons/greeting/.DS_Store": b"",
        "__MACOSX/course-main/lessons/greeting/lesson.yml": b"",
        "course-main/.github/workflows/lessons.yml": b"",
    }
    found = read_archive(zipped(*inner.items(), *beside.items()), "a.zip")
    assert found == {"greeting": greeting()}
    assert read_archive(zipped(*greeting().items()), "a.zip") == {"greeting": greeting()}
    with pytest.raises(LessonError, match=r"a\.zip:1:1: There is no `lesson\.yml` in it"):
        read_archive(zipped(("README.md", b"")), "a.zip")
    twice = [(f"{folder}/one/lesson.yml", b"") for folder in ("a", "b")]
    with pytest.raises(LessonError, match="Two lessons in it are called `one`"):
        read_archive(zipped(*twice), "a.zip")
    many = [(f"lesson-{number}/lesson.yml", b"") for number in range(201)]
    with pytest.raises(LessonError, match="more than 200 lessons"):
        read_archive(zipped(*many), "a.zip")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/evil",
        "greeting/../../evil",
        "/etc/passwd",
        "greeting/./lesson.yml",
        "greeting//lesson.yml",
        "greeting\\..\\..\\evil",
        "C:/evil",
        "greeting/\x1b[2J",
        "a/" * 200,
    ],
)
def test_a_path_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(LessonError, match="leads out of the archive") as caught:
        read_archive(zipped((entry(name), b"x")), "a.zip")
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_are_refused(mode: int) -> None:
    link = entry("greeting/steps/hello.en.md", (mode | 0o777) << 16)
    with pytest.raises(LessonError, match=r"hello\.en\.md:1:1: This is no ordinary file"):
        read_archive(zipped((link, b"/etc/passwd")), "a.zip")


def test_a_file_that_becomes_far_larger_is_refused() -> None:
    with pytest.raises(LessonError, match="far larger than it is packed"):
        read_archive(zipped(("greeting/lesson.yml", bytes(50_000_000))), "a.zip")


def test_a_size_that_is_a_lie_is_not_believed() -> None:
    packed = zipped(("greeting/lesson.yml", bytes(5_000_000))).getvalue()
    # As small in both headers as an honest file would be.
    lying = packed.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 5))
    assert lying != packed
    with pytest.raises(LessonError, match="no archive that can be read"):
        read_archive(io.BytesIO(lying), "a.zip")


def test_too_many_files_and_too_large_ones_are_refused() -> None:
    many = [(f"greeting/{number}", b"") for number in range(5001)]
    with pytest.raises(LessonError, match="more than 5000 files"):
        read_archive(zipped(*many), "a.zip")
    large = {"greeting/lesson.yml": bytes(range(256)) * 1200}
    with pytest.raises(LessonError, match=r"lesson\.yml:1:1: This file is larger than 256 KiB"):
        read_archive(zipped(*large.items()), "a.zip")
    with pytest.raises(LessonError, match="more than 16 MiB"):
        read_archive(io.BytesIO(bytes(archives.MOST_PACKED + 1)), "a.zip")


def test_all_together_are_not_larger_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"{number:x}" for number in range(60_000)).encode()
    files = {f"greeting/steps/s{n}.en.md": text for n in range(1 + MAX_BYTES_IN_ALL // len(text))}
    packed = zipped(("greeting/lesson.yml", b""), *files.items()).getvalue()
    with pytest.raises(LessonError, match="All files together are larger than 16 MiB"):
        read_archive(io.BytesIO(packed), "a.zip")
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1024**2)
    with pytest.raises(LessonError, match="more than 1 MiB in it"):
        read_archive(io.BytesIO(packed), "a.zip")


def test_what_is_no_archive_or_is_packed_otherwise_is_refused(tmp_path: Path) -> None:
    packed = zipped(("greeting/lesson.yml", b"slug: greeting")).getvalue()
    for content in (b"", b"PK\x05\x06", packed[:-10], packed[20:]):
        with pytest.raises(LessonError, match=r"a\.zip:1:1: "):
            read_archive(io.BytesIO(content), "a.zip")
    encrypted = bytearray(packed)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[packed.index(signature) + offset] |= 1
    with pytest.raises(LessonError, match="This is encrypted"):
        read_archive(io.BytesIO(encrypted), "a.zip")
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("greeting/lesson.yml", "slug: greeting")
    other.seek(0)
    with pytest.raises(LessonError, match="packed in a way that is not read"):
        read_archive(other, "a.zip")
    with pytest.raises(CommandError, match="This is no archive, no folder, and no address"):
        imported(tmp_path / "absent.zip")


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 100_000, 100_000)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"lesson.yml": f"{LESSON}{'      - {}' * 10**6}"}, "far larger than it is packed"),
        ({"lesson.yml": "steps: [" + "{}," * 60_000 + "]"}, "too much"),
        ({"lesson.yml": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"}, "Anchors and aliases"),
        ({"lesson.yml": "minutes: !!python/object/apply:os.system [id]"}, "Tags of YAML"),
        ({"images/a.png": PNG}, "up to 4000 pixels"),
        ({"steps/hello.en.md": "![A](images/a.svg)", "images/a.svg": "<svg/>"}, "viewBox"),
        ({"run.sh": "rm -rf /"}, "no place in a lesson"),
    ],
)
def test_an_archive_with_what_no_lesson_has_is_refused(
    files: dict[str, str | bytes], said: str, tmp_path: Path
) -> None:
    changed = {
        path: each if isinstance(each, bytes) else each.encode() for path, each in files.items()
    }
    (tmp_path / "a.zip").write_bytes(as_archive("greeting", greeting() | changed))
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("lessons", "import", str(tmp_path / "a.zip"), stdout=out)
    assert said in f"{out.getvalue()}{caught.value}"
    assert not LessonVersion.objects.exists()


@pytest.mark.django_db
def test_an_import_is_a_version_and_again_none(archive: Path) -> None:
    assert imported(archive) == "greeting: version 1\n"
    assert imported(archive) == "greeting: unchanged\n"
    archive.write_bytes(as_archive("greeting", lesson() | {"steps/bye.en.md": b"## Bye\n"}))
    assert imported(archive).endswith("greeting: version 2\n")
    version = LessonVersion.objects.get(number=2)
    assert version.text("bye", "en") == "## Bye\n"


@pytest.mark.django_db
def test_nothing_is_imported_where_one_has_an_error(tmp_path: Path) -> None:
    written_to(tmp_path / "greeting", lesson())
    written_to(tmp_path / "other", greeting(LESSON.replace("minutes: 5", "minutes: 0")))
    with pytest.raises(CommandError, match="Nothing was imported"):
        imported(tmp_path)
    assert not LessonVersion.objects.exists()
    written_to(tmp_path / "other", greeting(LESSON.replace("slug: greeting", "slug: other")))
    said = imported(tmp_path)
    assert "other/lesson.yml:11:9: warning: This task has no `solve`" in said
    assert said.endswith("greeting: version 1\nother: version 1\n")


@pytest.mark.django_db
def test_an_import_can_be_written_to_a_folder_and_over_nothing(
    archive: Path, tmp_path: Path
) -> None:
    imported(archive, "--folder", str(tmp_path / "lessons"))
    assert files_in(tmp_path / "lessons/greeting") == lesson()
    assert not LessonVersion.objects.exists()
    with pytest.raises(CommandError, match="greeting already"):
        imported(archive, "--folder", str(tmp_path / "lessons"))


@pytest.mark.django_db
def test_a_lesson_is_exported_as_its_author_wrote_it(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    imported(archive)
    load_files(lesson() | {"steps/bye.en.md": b"Bye\n"}, "greeting")
    out = tmp_path / "out.zip"
    call_command(
        *("lessons", "export", "greeting", "--version", "1", "--output", str(out)),
        stdout=StringIO(),
    )
    assert out.read_bytes() == archive.read_bytes()
    call_command("lessons", "export", "greeting", stdout=StringIO())
    with Path("greeting.zip").open("rb") as file:
        assert read_archive(file, "")["greeting"]["steps/bye.en.md"] == b"Bye\n"
    folder = written_to(tmp_path / "greeting", lesson())
    call_command("lessons", "export", str(folder), "--output", str(out), stdout=StringIO())
    assert out.read_bytes() == archive.read_bytes()
    for words in (("absent",), ("greeting-2", "--version", "3")):
        with pytest.raises(CommandError, match="There is no lesson"):
            call_command("lessons", "export", *words)
    with pytest.raises(CommandError, match="can't be written"):
        call_command("lessons", "export", str(folder), "--output", str(tmp_path))


def diff(*words: str) -> str:
    out = StringIO()
    call_command("lessons", "diff", *words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_what_changed_is_shown_line_by_line(tmp_path: Path) -> None:
    load_files(lesson(), "greeting")
    with pytest.raises(CommandError, match="no two versions"):
        diff("greeting")
    load_files(lesson() | {"steps/bye.en.md": b"Bye for now.\n"}, "greeting")
    load_files(lesson() | {"steps/bye.en.md": b"Bye.\n"}, "greeting")
    changed = "--- greeting {}/steps/bye.en.md\n+++ greeting {}/steps/bye.en.md\n"
    assert diff("greeting") == changed.format(2, 3) + "@@ -1 +1 @@\n-Bye for now.\n+Bye.\n"
    assert diff("greeting", "1", "2").startswith(changed.format(1, 2))
    folder = written_to(tmp_path / "lessons/greeting", lesson() | {"steps/bye.en.md": b"Bye.\n"})
    assert diff(str(folder)) == ""
    (folder / "images").mkdir()
    (folder / "images/a.png").write_bytes(b"\xff\x00")
    assert diff(str(folder)) == f"greeting 3/images/a.png and {folder}/images/a.png differ\n"
