"""A class at work, and the site dies: everybody is back where they were, and nothing is left over.

Prints its figures; `pytest -s` shows them.
"""

import asyncio
import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from docker import APIClient
from websockets import Origin
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from benchmarks.served_site import Guest
from tests.browser.conftest import Site

pytestmark = pytest.mark.alone

LEARNERS = 20
LINES = 60  # more than the screen has rows: most are in the scrollback
ESCAPES = re.compile(rb"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[()].|.)")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site of this test's own: it is going to be killed."""
    site = Site(
        tmp_path,
        HAKONIWA_SITE=f"{os.environ['HAKONIWA_SITE']}-cut",
        HAKONIWA_POOL="0",
        HAKONIWA_MAX_SANDBOXES=str(LEARNERS + 1),
    )
    for command in (
        "migrate --verbosity 0",
        "collectstatic --noinput --verbosity 0",
        "load_lessons",
    ):
        site.manage(*command.split())
    site.start()
    yield site
    site.kill()
    site.manage("end_sandboxes")


class Learner:
    """A guest with one terminal, in which a program of theirs runs."""

    def __init__(self, site: Site, number: int) -> None:
        self.number = number
        self._site = site
        self._guest = Guest(site.url)
        self.sandbox = self._guest.claim_sandbox()

    @property
    def container(self) -> str:
        return f"hakoniwa-{self.sandbox}"

    def claim_again(self) -> None:
        self.sandbox = self._guest.claim_sandbox()

    async def fill_screen(self) -> None:
        """Many lines, then a program that waits: it answers what is typed with its own name."""
        async with self.terminal() as terminal:
            await shown(terminal, "student@hakoniwa")
            await terminal.send(f"seq -f 'line-{self.number}-%g' {LINES}\r".encode())
            await shown(terminal, f"line-{self.number}-{LINES}")
            loop = "echo go-$((n = 0)); while read -r word; do echo $word-$((n += 1)); done\r"
            await terminal.send(loop.encode())
            await shown(terminal, "go-0")  # typed ahead, it would meet the shell's own reading
            await terminal.send(b"first\r")
            await shown(terminal, "first-1")

    async def find_it_as_it_was(self) -> None:
        """The scrollback, the screen, and the program still counting."""
        async with self.terminal() as terminal:
            seen = await shown(terminal, "first-1")
            # tmux may draw the screen twice: each line counts once.
            lines = dict.fromkeys(re.findall(rf"line-{self.number}-(\d+)", seen))
            assert list(lines) == [str(n) for n in range(1, LINES + 1)]
            await terminal.send(b"second\r")
            await shown(terminal, "second-2")

    def terminal(self) -> connect:
        address = self._site.url.replace("http", "ws")
        return connect(
            f"{address}/ws/ja/sandboxes/{self.sandbox}/terminals/main/?cols=90&rows=24",
            origin=Origin(self._site.url),
            additional_headers={"Cookie": self._guest.cookies()},
            proxy=None,
        )


async def shown(terminal: ClientConnection, text: str) -> str:
    """All that came until this text did, as a person reads it."""
    read = ""
    seen = b""
    try:
        async with asyncio.timeout(30):
            while text not in read:
                piece = await terminal.recv()
                seen += piece if isinstance(piece, bytes) else b""
                read = ESCAPES.sub(b"", seen).replace(b"\r", b"").decode()
    except TimeoutError:
        raise AssertionError(f"{text!r} never came: {read[-2000:]!r}") from None
    return read


async def everybody(learners: list[Learner], does: str) -> None:
    await asyncio.gather(*(getattr(learner, does)() for learner in learners))


def test_a_whole_class_survives_the_end_of_the_site(site: Site, engine: APIClient) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(LEARNERS) as at_once:
        learners = list(at_once.map(lambda number: Learner(site, number), range(LEARNERS)))
    print(f"\n{LEARNERS} sandboxes claimed at once: {time.monotonic() - began:.1f} s")
    asyncio.run(everybody(learners, "fill_screen"))

    site.kill()
    engine.kill(learners[0].container)
    killed = time.monotonic()
    site.start()
    print(f"site answers again: {time.monotonic() - killed:.1f} s after its end")
    asyncio.run(everybody(learners[1:], "find_it_as_it_was"))
    print(f"{LEARNERS - 1} screens as they were: {time.monotonic() - killed:.1f} s after its end")

    # The one whose sandbox died is told so, and gets another.
    unlucky = learners[0]
    with pytest.raises(InvalidStatus):
        asyncio.run(unlucky.find_it_as_it_was())
    dead = unlucky.sandbox
    unlucky.claim_again()
    assert unlucky.sandbox != dead
    asyncio.run(unlucky.fill_screen())
    print(f"{LEARNERS} sessions back: {time.monotonic() - killed:.1f} s after its end")

    site.manage("keep_sandboxes", "--once")
    mine = {"label": f"hakoniwa.site={os.environ['HAKONIWA_SITE']}-cut"}
    names = {entry["Names"][0][1:] for entry in engine.containers(all=True, filters=mine)}
    orphans = names ^ {learner.container for learner in learners}
    print(f"orphans: {len(orphans)}")
    assert not orphans
