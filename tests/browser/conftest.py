"""The site as people meet it: a Daphne of its own, the real engine, Chromium."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from .screen import LESSON, start_as_guest

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A pull, a start and a tick on a busy CI machine.
PATIENCE = 45_000
expect.set_options(timeout=PATIENCE)


class Site:
    """A running site with a database of its own."""

    def __init__(self, folder: Path, **changes: str) -> None:
        self.engine = os.environ["HAKONIWA_ENGINE"]
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.listen = ["-b", "127.0.0.1", "-p", str(self.port)]
        self._server: subprocess.Popen[bytes] | None = None
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "hakoniwa.settings.local",
            "HAKONIWA_SITE": f"{os.environ['HAKONIWA_SITE']}-browser",
            "HAKONIWA_STATE_DIR": str(folder),
            "HAKONIWA_SECRET_KEY": secrets.token_hex(32),
            "HAKONIWA_SECRET_KEY_FILE": "",
            "HAKONIWA_ALLOWED_HOSTS": "127.0.0.1",
            "HAKONIWA_GUESTS_PER_ADDRESS": "1000",
            "HAKONIWA_INTERNET": "1",  # its switch is shown, there is no gateway
            "HAKONIWA_POOL": "0",
        }
        self.environment |= changes

    @property
    def pid(self) -> int:
        """The server's own process."""
        assert self._server is not None
        return self._server.pid

    @contextmanager
    def beside(self, **changes: str) -> Iterator["Site"]:
        """Another server on the same database, with other settings."""
        other = Site(self.folder, **changes)
        other.start()
        try:
            yield other
        finally:
            other.kill()

    def manage(self, *arguments: str) -> str:
        """Run a management command on this site's database; what it prints."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        server = [sys.executable, "-m", "hakoniwa.server", *self.listen]
        with (self.folder / "site.log").open("ab") as log:
            self._server = subprocess.Popen(
                [*server, "hakoniwa.asgi:application"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + 30
        while not self._answers():
            assert time.monotonic() < end, (self.folder / "site.log").read_text()[-2000:]
            time.sleep(0.05)

    def memory(self) -> int:
        """What the server has in memory now, in bytes."""
        assert self._server is not None
        status = Path(f"/proc/{self._server.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def kill(self) -> None:
        """As a power cut would: nothing is tidied up."""
        assert self._server is not None
        self._server.send_signal(signal.SIGKILL)
        self._server.wait()

    def end_sandboxes(self) -> None:
        """All of them, whatever the database says, and nobody's work is saved before."""
        docker = ["docker", "--host", self.engine]
        label = f"label=hakoniwa.site={self.environment['HAKONIWA_SITE']}"
        listed = [*docker, "ps", "--all", "--quiet", "--filter", label]
        containers = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
        if containers:
            remove = [*docker, "rm", "--force", "--volumes", *containers.split()]
            subprocess.run(remove, capture_output=True, check=False)
        self.manage("end_sandboxes")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/en/", timeout=2):
                return True
        except OSError:
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    assert os.environ.get("HAKONIWA_ENGINE"), "run the tests with ./classroom test"
    site = Site(tmp_path_factory.mktemp("site"))
    site.manage("migrate", "--verbosity", "0")
    site.manage("collectstatic", "--noinput", "--verbosity", "0")
    site.manage("load_lessons")
    site.start()
    yield site
    site.kill()
    site.end_sandboxes()


@pytest.fixture(scope="module")
def chromium(site: Site) -> Iterator[Browser]:
    """Module by module: Playwright's event loop must not be there when other tests ask Django.

    What its visitors claimed ends with it: what runs in there would slow all that follow.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    site.end_sandboxes()


@pytest.fixture
def visitor(site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A new person at a browser of their own; whatever a page logs as an error fails the test."""
    contexts = []
    complaints: list[str] = []

    def visit(
        width: int = 1440, height: int = 900, *, dark: bool = False, touch: bool = False
    ) -> Page:
        context = chromium.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            reduced_motion="reduce",  # a picture must not catch a colour on its way
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if is_complaint(message) else None,
        )
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(visitor: Callable[..., Page]) -> Page:
    """A guest in the first step of a lesson, their shell waiting."""
    page = visitor()
    start_as_guest(page, LESSON)
    return page


def is_complaint(message: ConsoleMessage) -> bool:
    """An error of our own pages. Some tests are about what is refused or away: the browser logs
    that, and htmx the event of a websocket that could not be opened."""
    refused = ("Failed to load resource", "Response Status Error Code 429")
    expected = (*refused, "WebSocket connection", "Event")
    return message.type == "error" and not message.text.startswith(expected)
