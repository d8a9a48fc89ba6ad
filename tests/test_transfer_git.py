"""Lessons that come from Git repositories: read within bounds, and nothing of them is run."""

import os
import socket
import subprocess
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lessons.faults import LessonError
from lessons.models import LessonVersion
from lessons.transfer import lessons_from, repository

from .lesson_files import greeting, written_to
from .lint_examples import lesson

AUTHOR = {
    f"GIT_{role}_{field}": value
    for role in ("AUTHOR", "COMMITTER")
    for field, value in (("NAME", "Hana"), ("EMAIL", "hana@example.com"))
}


def git(folder: Path, *words: str, given: str = "") -> str:
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**os.environ, **AUTHOR, "GIT_CONFIG_GLOBAL": "/dev/null"},
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def committed(folder: Path) -> str:
    """The folder as a repository; its address."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Lessons")
    return f"file://{folder}"


@pytest.mark.django_db
def test_lessons_of_a_repository_are_imported(tmp_path: Path) -> None:
    written_to(tmp_path / "lessons/greeting", lesson())
    (tmp_path / "README.md").write_text("A course\n")
    (tmp_path / "deploy.sh").symlink_to("/etc/passwd")
    out = StringIO()
    call_command("lessons", "import", committed(tmp_path), stdout=out)
    assert out.getvalue() == "greeting: version 1\n"
    assert LessonVersion.objects.get().text("bye", "en") == "That is all.\n"


def test_links_and_other_repositories_are_not_followed(tmp_path: Path) -> None:
    folder = written_to(tmp_path / "greeting", greeting())
    (folder / "steps/hello.en.md").unlink()
    (folder / "steps/hello.en.md").symlink_to("/etc/passwd")
    address = committed(tmp_path)
    with pytest.raises(LessonError, match=r"hello\.en\.md:1:1: This is no ordinary file"):
        lessons_from(address)
    commit = git(tmp_path, "rev-parse", "HEAD")
    git(tmp_path, "rm", "--quiet", "greeting/steps/hello.en.md")
    git(tmp_path, "update-index", "--add", "--cacheinfo", f"160000,{commit},greeting/images")
    git(tmp_path, "commit", "--quiet", "--message", "A repository within")
    with pytest.raises(LessonError, match="This is no ordinary file"):
        lessons_from(address)


def test_nothing_of_a_repository_or_of_the_account_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    (tmp_path / "hooks").mkdir()
    for hook in ("post-checkout", "reference-transaction", "post-merge"):
        (tmp_path / "hooks" / hook).write_text(f"#!/bin/sh\ntouch {ran}\n")
        (tmp_path / "hooks" / hook).chmod(0o755)
    settings = f'[core]\nhooksPath = {tmp_path}/hooks\n[filter "x"]\nsmudge = touch {ran}\n'
    # Whoever reads these settings goes astray.
    settings += '[url "file:///absent/"]\ninsteadOf = file://\n'
    (tmp_path / ".gitconfig").write_text(settings)
    monkeypatch.setenv("HOME", str(tmp_path))
    course = tmp_path / "course"
    written_to(course / "greeting", greeting())
    (course / ".gitattributes").write_text("* filter=x\n")
    assert lessons_from(committed(course)) == {"greeting": greeting()}
    assert not ran.exists()


@pytest.mark.parametrize(
    "address",
    [
        "ext::sh -c touch% /tmp/ran",
        "--upload-pack=touch /tmp/ran",
        "http://example.com/course.git",
        "git://example.com/course.git",
        "file:///etc/passwd",
        "file:///absent\x1b[2J",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(LessonError, match=":1:1: "):
        lessons_from(address)


def test_a_repository_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        begun = time.monotonic()
        with pytest.raises(LessonError, match="longer than 1 seconds") as caught:
            lessons_from(f"https://hana:secret@127.0.0.1:{server.getsockname()[1]}/course.git")
        assert time.monotonic() - begun < 30
    assert "secret" not in str(caught.value)


def test_what_is_too_large_is_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written_to(tmp_path / "greeting", greeting())
    (tmp_path / "video.mp4").write_bytes(os.urandom(2_000_000))
    address = committed(tmp_path)
    assert lessons_from(address) == {"greeting": greeting()}
    monkeypatch.setattr(repository, "MOST_FETCHED", 1_000_000)
    with pytest.raises(LessonError, match="Git could not read it"):
        lessons_from(address)


def test_a_tree_that_would_fill_a_disk_is_only_listed(tmp_path: Path) -> None:
    written_to(tmp_path / "greeting", greeting())
    committed(tmp_path)
    text = git(tmp_path, "hash-object", "-w", "--stdin", given="x")
    tree = git(tmp_path, "mktree", given=f"100644 blob {text}\tf\n")
    for _level in range(9):
        entries = "".join(f"040000 tree {tree}\td{number}\n" for number in range(10))
        tree = git(tmp_path, "mktree", given=entries)
    commit = git(tmp_path, "commit-tree", tree, "-m", "Bomb")
    git(tmp_path, "update-ref", "HEAD", commit)
    with pytest.raises(LessonError, match="There is too much in it"):
        lessons_from(f"file://{tmp_path}")


def test_without_git_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LessonError, match="Git is not installed"):
        lessons_from("https://example.com/course.git")


@pytest.mark.django_db
def test_the_command_says_what_is_wrong() -> None:
    with pytest.raises(CommandError, match="Git could not read it"):
        call_command("lessons", "import", "file:///absent")
