"""A whole site of its own, opened and closed; only the half that needs root is left out."""

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .conftest import ROOT, Script, a_free_port

pytestmark = pytest.mark.alone

# Instead of what needs root, and of what would write to the working copy's own packages.
STUBS = """
as_root() { mkdir -p "$state/site"; "root_$1"; }
root_engine() { [ ! -e "$state/slow" ] || step "遅い手順" "Slow step" sleep 30; }
root_down() { :; }
site_packages() { :; }
eval "real_$(declare -f isolation_prove)"
isolation_prove() { [ ! -e "$state/prove" ] || real_isolation_prove; }
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Script:
    """The whole project once more: what the script starts is keyed by its folder and state."""
    place = tmp_path_factory.mktemp("site")
    left_out = shutil.ignore_patterns(".*", "node_modules", "__pycache__", "tests", "docs")
    shutil.copytree(ROOT, place / "copy", ignore=left_out)
    shutil.copytree(ROOT / ".classroom", place / "copy" / ".classroom")
    (place / "copy" / ".classroom" / "zz-stubs.sh").write_text(STUBS)
    for installed in (".venv", "node_modules"):
        (place / "copy" / installed).symlink_to(ROOT / installed)
    return Script(state=place / "state", folder=place / "copy")


@pytest.fixture(scope="module")
def first_time(copy: Script) -> str:
    """What `up` says the first time, to somebody who reads Japanese."""
    japanese = Script(copy.state, copy.folder, language="ja_JP.UTF-8")
    try:
        done = japanese.run("up", "--port", str(a_free_port()), "--detach")
    finally:
        copy.run("down")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def site(copy: Script, first_time: str) -> Iterator[Script]:
    yield copy
    copy.run("down")


def test_the_first_time_all_is_prepared_and_the_password_shown(first_time: str) -> None:
    steps = re.findall(r"^(.+) … \d+\.\d s$", first_time, re.MULTILINE)
    assert steps[-4:] == ["データベース", "静的ファイル", "レッスンの読み込み", "サイトの起動"]
    assert re.search(r"1回限りのパスワード.+：\S{16}$", first_time, re.MULTILINE)
    assert "教室が開きました: http://127.0.0.1:" in first_time


def test_up_up_and_down(site: Script, free_port: int) -> None:
    up = ("up", "--port", str(free_port), "--detach")
    first = site.run(*up)
    assert steps_of(first) == ["Starting the site"]
    assert "password" not in first.stdout
    assert answers(free_port)

    preview = site.start("./classroom", "lessons", "preview", "lessons/content/docker-run")
    assert preview.stdout
    said = preview.stdout.readline()
    os.killpg(preview.pid, signal.SIGINT)
    preview.communicate(timeout=30)
    assert said.startswith(f"Open http://127.0.0.1:{free_port}/en/studio/")

    started = time.monotonic()
    second = site.run(*up)
    assert time.monotonic() - started < 5
    assert second.stdout == f"This classroom is open already: http://127.0.0.1:{free_port}/\n"

    pids = pids_of(site)
    down = site.run("down")
    assert (down.returncode, down.stdout) == (0, "The classroom is closed.\n")
    assert not answers(free_port)
    assert not any(alive(pid) for pid in pids)
    assert site.run("down").returncode == 0


def test_up_starts_again_what_died(site: Script, free_port: int) -> None:
    up = ("up", "--port", str(free_port), "--detach")
    site.run(*up)
    for which in (0, 1):
        os.kill(pids_of(site)[which], signal.SIGKILL)
        assert steps_of(site.run(*up)) == ["Starting the site"]
        assert answers(free_port)


def test_the_tools_for_lessons_know_the_folder_one_is_in(site: Script, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "lesson.yml").write_text("slug: mine\n")
    there = f'cd "{tmp_path}" && "{site.folder}/classroom" lessons prove'
    missing = site.finish("bash", "-c", f"{there} --folder ours")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "There is no lesson in ours." in missing.stderr
    found = site.finish("bash", "-c", f"{there} --folder .")
    assert found.returncode == 1
    assert "mine/lesson.yml:" in found.stderr


def test_what_an_author_has_begun_is_published_by_up_alone(site: Script) -> None:
    begun = site.folder / "lessons" / "content" / "begun"
    begun.mkdir()
    try:
        (begun / "lesson.yml").write_text("slug: begun\n")
        done = site.run("lessons", "lint", "lessons/content/begun")
    finally:
        shutil.rmtree(begun)
    assert done.returncode == 1
    assert "lesson.yml:" in done.stdout
    assert "Lessons …" not in done.stderr


def test_there_is_a_way_to_the_internet_only_where_it_was_asked_for(
    site: Script, free_port: int
) -> None:
    up = ("up", "--port", str(free_port), "--detach")
    gateway = site.state / "site" / "internet.process"
    site.run(*up)
    assert not gateway.exists()
    socket_file = socket_of(site)
    socket_file.parent.mkdir(parents=True, exist_ok=True)
    try:
        offered = site.run(*up, HAKONIWA_INTERNET="1")
        assert steps_of(offered) == ["Starting the site"]
        pid = int(gateway.read_text().split()[0])
        assert alive(pid)
        [served] = children_of(pid)
        os.kill(served, signal.SIGKILL)
        wait_until(lambda: listens(socket_file))
        assert steps_of(site.run(*up, HAKONIWA_INTERNET="1")) == []
        assert steps_of(site.run(*up)) == ["Starting the site"]
        assert not alive(pid)
        assert not gateway.exists()
        assert not socket_file.exists()
    finally:
        site.run("down")
        shutil.rmtree(socket_file.parents[2], ignore_errors=True)


def test_up_serves_changed_code(site: Script, free_port: int) -> None:
    up = ("up", "--port", str(free_port), "--detach")
    site.run(*up)
    (site.folder / "hakoniwa" / "new.py").touch()
    assert steps_of(site.run(*up)) == ["Starting the site"]


def test_another_host_is_no_classroom_that_is_open_already(site: Script, free_port: int) -> None:
    site.run("up", "--port", str(free_port), "--detach")
    wider = site.run("up", "--port", str(free_port), "--host", "0.0.0.0", "--detach")  # noqa: S104
    assert steps_of(wider) == ["Starting the site"]


def test_ctrl_c_stops_the_site_and_all_that_showed_its_log(site: Script, free_port: int) -> None:
    process = up_in_the_foreground(site, free_port)
    read_until(process, "Ctrl-C")
    assert answers(free_port)
    pids = pids_of(site)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert not answers(free_port)
    assert not any(alive(pid) for pid in pids)
    end = time.monotonic() + 5
    while left := [each for each in Path("/proc").glob("[0-9]*") if group_of(each) == process.pid]:
        assert time.monotonic() < end, [(each / "cmdline").read_bytes() for each in left]


def test_a_site_that_breaks_is_said_with_its_log(site: Script, free_port: int) -> None:
    process = up_in_the_foreground(site, free_port)
    read_until(process, "Ctrl-C")
    os.kill(pids_of(site)[0], signal.SIGKILL)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Cause: A program has ended" in err
    assert f"{site.state}/site/site.log" in err
    assert "Remedy: " in err
    assert not (site.state / "site" / "keeper.process").exists()


def test_a_keeper_that_died_is_started_again_while_up_says_so(site: Script, free_port: int) -> None:
    process = up_in_the_foreground(site, free_port)
    read_until(process, "Ctrl-C")
    watcher = pids_of(site)[1]
    [keeper] = children_of(watcher)
    os.kill(keeper, signal.SIGKILL)
    read_until(process, "keeper ended with exit code 137 and is started again.")
    wait_until(lambda: b"keep_sandboxes" in b"".join(map(command_of, children_of(watcher))))
    [again] = children_of(watcher)
    assert answers(free_port)
    os.kill(watcher, signal.SIGKILL)
    site.run("down")
    process.communicate(timeout=60)
    assert not alive(again)


def test_what_keeps_ending_is_given_up(script: Script) -> None:
    script.fakes = {"sleep": "exit 0"}
    done = script.finish(str(ROOT / ".classroom" / "again"), "thing", "sh", "-c", "exit 3")
    assert done.returncode == 1
    *times, last = done.stdout.splitlines()
    assert times == ["thing ended with exit code 3 and is started again."] * 5
    assert "run ./classroom up" in last


def test_down_from_elsewhere_ends_up_as_well(site: Script, free_port: int) -> None:
    process = up_in_the_foreground(site, free_port)
    read_until(process, "Ctrl-C")
    site.run("down")
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")


def test_an_interrupted_step_is_named(site: Script, free_port: int) -> None:
    (site.state / "slow").touch()
    try:
        process = up_in_the_foreground(site, free_port)
        read_until(process, "Slow step … ")
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        (site.state / "slow").unlink()
    assert process.returncode == 1
    said = [line for line in err.splitlines() if line][-3:]
    assert said[:2] == ["Failed step: Slow step", "Cause: It was interrupted."]
    assert said[2].startswith("Remedy: ")


def up_in_the_foreground(site: Script, port: int) -> "subprocess.Popen[str]":
    return site.start(str(site.folder / "classroom"), "up", "--port", str(port))


def read_until(process: "subprocess.Popen[str]", words: str) -> None:
    assert process.stdout is not None
    read = ""
    while words not in read:
        letter = process.stdout.read(1)
        assert letter, f"{words!r} was never said, but: {read}"
        read += letter


def steps_of(done: "subprocess.CompletedProcess[str]") -> list[str]:
    assert done.returncode == 0, done.stdout + done.stderr
    return re.findall(r"^(.+) … ", done.stdout, re.MULTILINE)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False


def pids_of(site: Script) -> list[int]:
    files = [site.state / "site" / f"{name}.process" for name in ("site", "keeper")]
    return [int(file.read_text().split()[0]) for file in files]


def wait_until(done: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def children_of(pid: int) -> list[int]:
    """Of a process with one thread."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_of(pid: int) -> bytes:
    """Nothing for a process that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0


def socket_of(site: Script) -> Path:
    """Of the gateway; what needs root makes its folder."""
    key = hashlib.sha256(str(site.folder).encode()).hexdigest()[:6]
    return Path(f"/run/hakoniwa/copy-{key}/mirror/internet/gateway.sock")


def fields_of(process: Path) -> list[str]:
    """Of /proc/<pid>/stat, from the state on; empty for a process that has ended."""
    try:
        fields = (process / "stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [] if fields[0] in "ZX" else fields


def alive(pid: int) -> bool:
    return bool(fields_of(Path(f"/proc/{pid}")))


def group_of(process: Path) -> int:
    fields = fields_of(process)
    return int(fields[2]) if fields else 0


def test_it_stays_closed_where_sandboxes_are_not_proved_to_hold(
    site: Script, free_port: int
) -> None:
    proof = site.state / "prove"
    proof.touch()
    try:
        done = site.run("up", "--port", str(free_port), "--detach")
    finally:
        proof.unlink()
    assert done.returncode == 1
    assert "Cause: it could not be tried whether sandboxes hold" in done.stderr
    assert "Remedy: " in done.stderr
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", free_port), timeout=1)
