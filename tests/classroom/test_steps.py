"""Steps: what they say, how they fail, and that what is done is not done again."""

import os
import signal
import time
from pathlib import Path

import pytest

from .conftest import Script

pytestmark = pytest.mark.alone


def test_a_step_says_what_it_does_and_how_long_it_took(script: Script) -> None:
    done = script.bash('step "寝る" "Sleeping" sleep 0.3')
    said, time_taken = done.stdout.strip().split(" … ")
    assert said == "Sleeping"
    assert 0.3 <= float(time_taken.removesuffix(" s")) < 5


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en_US.UTF-8",
            ("Failed step: Building", "Cause: build ended with exit code 7", "Remedy:"),
        ),
        ("ja_JP.UTF-8", ("失敗した手順: 組み立て", "原因: コマンド build が終了コード 7", "対処:")),
    ],
)
def test_a_failing_step_names_step_cause_and_remedy(
    script: Script, language: str, words: tuple[str, ...]
) -> None:
    script.language = language
    done = script.bash("""
        build() { echo "no room on the disk"; (exit 7); echo "never reached"; }
        step "組み立て" "Building" build
        echo "after"
    """)
    assert done.returncode == 1
    assert "after" not in done.stdout
    assert "never reached" not in done.stderr
    for part in ("no room on the disk", *words):
        assert part in done.stderr


def test_a_step_that_knows_its_remedy_keeps_it(script: Script) -> None:
    done = script.bash("""
        pull() { fail "届きません。" "Out of reach." "つないでください。" "Plug it in."; }
        step "取得" "Pulling" pull
    """)
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if line]
    assert said == ["Failed step: Pulling", "Cause: Out of reach.", "Remedy: Plug it in."]


TWO_STEPS = """
    first() { echo first >> "$state/done"; }
    second() { [ -e "$state/mended" ] && echo second >> "$state/done"; }
    step_once "$state/stamps/first" key "一" "First" first
    step_once "$state/stamps/second" key "二" "Second" second
"""


def test_a_second_run_goes_on_where_the_first_failed(script: Script) -> None:
    script.state.mkdir()
    assert "Failed step: Second" in script.bash(TWO_STEPS).stderr
    (script.state / "mended").touch()
    again = script.bash(TWO_STEPS)
    assert again.returncode == 0
    assert "First" not in again.stdout
    assert (script.state / "done").read_text().split() == ["first", "second"]
    assert script.bash(TWO_STEPS).stdout == ""


def test_a_step_is_done_again_for_another_key(script: Script) -> None:
    script.state.mkdir()
    (script.state / "mended").touch()
    script.bash(TWO_STEPS)
    script.bash(TWO_STEPS.replace('second" key', 'second" other'))
    assert (script.state / "done").read_text().split().count("second") == 2


def test_a_step_killed_half_way_leaves_no_stamp(script: Script) -> None:
    """Not even that of an older run, whose work it has half undone by then."""
    stamp = script.state / "stamp"
    script.state.mkdir()
    stamp.write_text("old key")
    lines = (
        'step_once "$state/stamp" "new key" "遅い" "Slow" bash -c "touch $state/begun; sleep 20"'
    )
    process = script.start(*script.with_parts(lines))
    wait_for(script.state / "begun")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not stamp.exists()


def test_a_hash_follows_names_modes_and_content_but_no_caches(
    script: Script, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    (folder / "__pycache__").mkdir(parents=True)
    hashes = []
    for change in (
        lambda: (folder / "a").write_text("1"),
        lambda: (folder / "a").write_text("2"),
        lambda: (folder / "a").chmod(0o755),
        lambda: (folder / "a").rename(folder / "b"),
    ):
        change()
        hashes.append(script.bash(f"content_hash {folder}").stdout)
    assert len(set(hashes)) == 4
    (folder / "__pycache__" / "b.pyc").write_text("bytes")
    assert script.bash(f"content_hash {folder}").stdout == hashes[-1]


def test_another_set_up_is_waited_for(script: Script) -> None:
    script.state.mkdir()
    lock = f'exec 8< "{script.state}"; alone 8; '
    first = script.start(*script.with_parts(f'{lock} touch "$state/begun"; sleep 1; echo done'))
    wait_for(script.state / "begun")
    second = script.bash(lock + "true")
    assert first.poll() == 0
    first.communicate()
    assert second.stdout == "Another ./classroom is setting up; waiting for it.\n"
    assert script.bash(lock + "true").stdout == ""


def test_a_process_file_of_before_a_restart_names_nobody(script: Script) -> None:
    """The number is somebody else's by now, who must not be stopped."""
    script.state.mkdir()
    bystander = script.start("sleep", "30")
    try:
        (script.state / "thing.process").write_text(f"{bystander.pid} 1\n")
        assert script.bash("process_runs thing").returncode == 1
        assert script.bash("process_stop thing").returncode == 0
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.communicate()


def test_a_process_outlives_the_script_until_it_is_stopped(script: Script) -> None:
    script.state.mkdir()
    script.bash('process_start thing "$state/log" sleep 30')
    assert script.bash("process_runs thing").returncode == 0
    script.bash("process_stop thing")
    assert script.bash("process_runs thing").returncode == 1
    assert not (script.state / "thing.process").exists()


def test_a_process_that_ends_at_once_is_not_waited_for(script: Script) -> None:
    script.state.mkdir()
    started = time.monotonic()
    done = script.bash("""
        process_start thing "$state/log" bash -c 'echo "no such option"; exit 1'
        process_answers thing 20 false || fail_with_log "$state/log"
    """)
    assert time.monotonic() - started < 5
    assert "no such option" in done.stderr
    assert f"its log is {script.state}/log" in done.stderr


def wait_for(path: Path) -> None:
    end = time.monotonic() + 10
    while not path.exists():
        assert time.monotonic() < end, f"{path} never came"
        time.sleep(0.02)
