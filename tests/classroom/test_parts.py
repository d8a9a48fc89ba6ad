"""A folder packed elsewhere, instead of a network; .ci/debian13 sets a whole machine up by one."""

from pathlib import Path

import pytest

from .conftest import ROOT, Script

pytestmark = pytest.mark.alone

WITH_PARTS = f"""
    cd {ROOT}
    parts=$state/parts
    . sandbox/image/build.sh
    . sandbox/mirror/mirror.sh
"""


@pytest.fixture
def packed(script: Script) -> Script:
    """A folder like the one that `pack` fills, with next to nothing in it."""
    parts = script.state / "parts"
    for folder in ("mirror/registry", "wheels", "npm"):
        (parts / folder).mkdir(parents=True)
    (parts / "mirror" / "images.json").write_text("[]")
    (parts / "docker-registry").write_text("#!/bin/sh\necho registry\n")
    return script


@pytest.mark.parametrize(
    ("language", "cause", "remedy"),
    [
        ("en_US.UTF-8", "holds no parts for this version", "./classroom pack FOLDER"),
        ("ja_JP.UTF-8", "この版の教室に合う部品がありません", "./classroom pack フォルダー"),
    ],
)
def test_parts_of_another_version_are_refused_before_anything_is_made(
    script: Script, tmp_path: Path, free_port: int, language: str, cause: str, remedy: str
) -> None:
    script.language = language
    script.fakes = {"df": "echo Filesystem; echo disk 99999 9 51200 1%", "node": "echo v22.1.0"}
    (tmp_path / "made-from").write_text("hakoniwa/sandbox:0123456789ab 0123456789ab\n")
    done = script.run("up", "--parts", str(tmp_path), "--port", str(free_port), "--detach")
    assert done.returncode == 1
    assert cause in done.stderr
    assert str(tmp_path) in done.stderr
    assert remedy in done.stderr
    assert not script.state.exists()


def test_parts_of_this_version_fit(packed: Script) -> None:
    lines = 'parts_key > "$parts/made-from"; parts_must_fit; echo fit'
    assert packed.bash(WITH_PARTS + lines).stdout == "fit\n"


def test_with_parts_no_package_registry_is_asked(packed: Script) -> None:
    """A name that every registry knows is unknown, at once, to pip and npm themselves."""
    done = packed.bash(
        WITH_PARTS
        + """
        mkdir -p "$state/site"
        parts_environment
        .venv/bin/pip download --no-deps --dest "$state/got" six 2>&1 || echo "pip: none"
        npm view left-pad 2>&1 || echo "npm: none"
    """
    )
    assert "Looking in indexes" not in done.stdout
    assert "No matching distribution found for six" in done.stdout
    assert "pip: none" in done.stdout
    assert "ENOTCACHED" in done.stdout
    assert "npm: none" in done.stdout


def test_the_folder_of_parts_is_only_read(packed: Script) -> None:
    parts = packed.state / "parts"
    before = sorted(path.name for path in parts.rglob("*"))
    packed.bash(WITH_PARTS + 'mkdir -p "$state/site"; parts_environment; npm cache add six || true')
    assert sorted(path.name for path in parts.rglob("*")) == before


def test_the_mirror_and_its_program_come_out_of_the_parts(packed: Script) -> None:
    done = packed.bash(
        WITH_PARTS
        + """
        run=$state/run
        root_mirror
        "$(mirror_registry_program)"
    """
    )
    assert (done.returncode, done.stdout) == (0, "registry\n"), done.stderr
    assert (packed.state / "mirror" / "images.json").read_text() == "[]"


def test_without_parts_nothing_is_different(script: Script) -> None:
    lines = (
        f'cd {ROOT}; parts=""; parts_must_fit; parts_environment; echo "${{PIP_NO_INDEX-unset}}"'
    )
    assert script.bash(lines).stdout == "unset\n"
