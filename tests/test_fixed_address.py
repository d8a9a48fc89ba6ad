"""Programs that are given one address for good do what they did."""

import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FIXER = Path(__file__).parents[1] / "sandbox" / "image" / "fixed_address.py"
# What 16 bytes after the start of an ELF file says: at one address, or at any.
FIXED, FREE = 2, 3


def fixed(program: str, folder: Path) -> Path:
    found = shutil.which(program)
    assert found is not None
    copy = folder / program
    shutil.copy(found, copy)
    subprocess.run([sys.executable, FIXER, copy], check=True)
    return copy


def kind(program: Path) -> int:
    return program.read_bytes()[16]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other processors' stay as they are")
def test_a_program_runs_at_the_address_it_was_given(tmp_path: Path) -> None:
    sort = fixed("sort", tmp_path)
    assert kind(Path("/usr/bin/sort")) == FREE
    assert kind(sort) == FIXED
    done = subprocess.run([sort, "--reverse"], input="b\na\nc\n", capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "c\nb\na\n", "")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other processors' stay as they are")
def test_once_is_enough(tmp_path: Path) -> None:
    sort = fixed("sort", tmp_path)
    before = sort.read_bytes()
    subprocess.run([sys.executable, FIXER, sort], check=True)
    assert sort.read_bytes() == before


def test_what_is_no_program_stays_as_it_is(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\necho hello\n")
    subprocess.run([sys.executable, FIXER, script], check=True)
    assert script.read_text() == "#!/bin/sh\necho hello\n"
