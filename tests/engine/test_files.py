"""The file panel's requests on a real sandbox: what is read, written, moved and refused."""

import io
import tarfile
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from docker import APIClient
from pytest_django.fixtures import Settings

from hakoniwa.accounts.models import User
from sandbox import containers, files, services
from sandbox.models import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[..., str]
JAPANESE = "はじめての アプリ.txt"


@pytest.fixture(autouse=True)
def site(settings: Settings, engine: APIClient) -> Iterator[None]:
    settings.SANDBOX_SITE = f"{settings.SANDBOX_SITE}-files"
    yield
    for container in containers.containers_of_this_site():
        containers.remove_container(container)


@pytest.fixture
def mine(learner: User) -> Sandbox:
    return async_to_sync(services.claim)(learner)


class Panel:
    """What the page's scripts ask."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, what: str = "", **query: str) -> Any:
        return self.client.get(f"/en/sandboxes/files/{what}?{urlencode(query)}")

    def post(self, what: str, body: bytes = b"", **query: str) -> Any:
        address = f"/en/sandboxes/files/{what}?{urlencode(query)}"
        return self.client.post(address, body, content_type="application/octet-stream")

    def download(self, what: str, **query: str) -> tuple[Any, bytes]:
        """The answer and all that it streams, on the one event loop that it needs."""
        client = AsyncClient()
        client.cookies = self.client.cookies

        async def fetch() -> tuple[Any, bytes]:
            response: Any = await client.get(f"/en/sandboxes/files/{what}?{urlencode(query)}")
            return response, b"".join([piece async for piece in response.streaming_content])

        return async_to_sync(fetch)()

    def names(self, path: str = "") -> list[str]:
        return [entry["name"] for entry in self.get(path=path).json()["entries"]]


@pytest.fixture
def panel(signed_in: Client) -> Panel:
    return Panel(signed_in)


def test_a_file_goes_up_is_edited_and_comes_down(panel: Panel, mine: Sandbox, run: Run) -> None:
    assert panel.post("upload/", "一行目\n".encode(), path=JAPANESE).status_code == 200
    assert run(mine.container, f"cat '{JAPANESE}' && stat -c '%U %a' '{JAPANESE}'") == (
        "一行目\nstudent 644"
    )
    opened = panel.get("text/", path=JAPANESE).json()
    assert opened["text"] == "一行目\n"
    run(mine.container, f"chmod 755 '{JAPANESE}'")
    saved = panel.post("upload/", b"changed\n", path=JAPANESE, expected=opened["version"])
    assert saved.status_code == 200
    assert run(mine.container, f"stat -c %a '{JAPANESE}'") == "755", "it stays a program"
    down, content = panel.download("download/", path=JAPANESE)
    assert content == b"changed\n"
    assert down.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote(JAPANESE)}"
    assert down.headers["Content-Type"] == "application/octet-stream"
    assert down.headers["X-Content-Type-Options"] == "nosniff"
    assert down.headers["Content-Security-Policy"].startswith("sandbox;")


def test_a_file_that_has_changed_is_not_written_over(panel: Panel, mine: Sandbox, run: Run) -> None:
    run(mine.container, "echo one > note")
    version = panel.get("text/", path="note").json()["version"]
    run(mine.container, "echo two > note")
    refused = panel.post("upload/", b"mine", path="note", expected=version)
    assert (refused.status_code, refused.json()["code"]) == (409, "changed")
    assert panel.post("upload/", b"mine", path="note").json()["code"] == "exists"
    assert run(mine.container, "cat note; ls -A") == "two\nnote", "and nothing is left lying about"
    assert panel.post("upload/", b"mine", path="note", expected="any").status_code == 200
    assert run(mine.container, "cat note") == "mine"


def test_folders_are_made_listed_moved_and_removed(panel: Panel, mine: Sandbox, run: Run) -> None:
    assert panel.post("make-folder/", path="アプリ").status_code == 200
    assert panel.post("make-folder/", path="アプリ").json()["code"] == "exists"
    panel.post("upload/", b"x", path="アプリ/a")
    panel.post("upload/", b"y", path="b")
    assert panel.names() == ["アプリ", "b"], "folders first"
    assert panel.post("move/", path="b", to="アプリ/a").json()["code"] == "exists"
    assert panel.post("move/", path="b", to="アプリ/b").status_code == 200
    assert panel.names("アプリ") == ["a", "b"]
    assert run(mine.container, "cat アプリ/a") == "x"
    assert panel.post("remove/", path="アプリ").status_code == 200
    assert panel.names() == []
    assert panel.post("remove/", path="アプリ").json()["code"] == "missing"


def test_a_link_is_followed_in_the_sandbox_and_stays_a_link(
    panel: Panel, mine: Sandbox, run: Run
) -> None:
    run(mine.container, "echo one > real && ln -s real link && ln -s /etc/shadow shadow")
    assert panel.post("upload/", b"two", path="link", expected="any").status_code == 200
    assert run(mine.container, "cat real; readlink link") == "tworeal"
    assert panel.get("text/", path="shadow").json()["code"] == "denied"


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/passwd", "a/./b", "", "n" * 256, "\0"])
def test_a_path_out_of_work_is_no_path(panel: Panel, mine: Sandbox, path: str) -> None:
    assert panel.post("upload/", b"x", path=path).json()["code"] == "bad-name"
    assert panel.post("remove/", path=path).json()["code"] == "bad-name"


def test_what_is_no_text_or_too_large_is_refused_with_a_reason(
    panel: Panel, mine: Sandbox, run: Run
) -> None:
    run(mine.container, "printf '\\377\\376' > binary; printf 'a\\0b' > zero; truncate -s 1T huge")
    assert panel.get("text/", path="binary").json()["code"] == "no-text"
    assert panel.get("text/", path="zero").json()["code"] == "no-text"
    assert panel.get("text/", path="huge").json()["code"] == "too-large"
    assert panel.get("download/", path="huge").json()["code"] == "too-large"
    too_much = panel.post("upload/", b"x" * (files.MOST_BYTES + 1), path="big")
    assert too_much.json()["code"] == "too-large"
    assert "big" not in panel.names()


def test_an_upload_that_breaks_off_changes_nothing(mine: Sandbox, run: Run) -> None:
    run(mine.container, "echo old > note")

    def breaks_off() -> Iterator[bytes]:
        yield b"new"
        raise ConnectionResetError

    async def upload() -> None:
        await files.write(mine, "note", breaks_off(), 100, "any")

    with pytest.raises(ConnectionResetError):
        async_to_sync(upload)()
    run(mine.container, "for i in $(seq 50); do [ $(ls -A | wc -l) = 1 ] && exit; sleep .1; done")
    assert run(mine.container, "cat note; ls -A") == "old\nnote"


def test_another_learner_sees_their_own_files_only(
    panel: Panel, mine: Sandbox, run: Run, client: Client
) -> None:
    run(mine.container, "echo secret > note")
    other = User.objects.create(username="other", name="other")
    stranger = Panel(Client())
    stranger.client.force_login(other)
    assert stranger.get("text/", path="note").json()["code"] == "sandbox-gone"
    theirs = async_to_sync(services.claim)(other)
    assert stranger.names() == []
    assert stranger.get("text/", path="note").json()["code"] == "missing"
    assert run(theirs.container, "ls -A") == ""
    assert Panel(Client()).get("download/", path="note").status_code == 401


def test_all_of_it_comes_down_from_the_sandbox_and_after_its_end(
    panel: Panel, mine: Sandbox, run: Run
) -> None:
    run(mine.container, "mkdir app && echo FROM ubuntu > app/Dockerfile")

    def contents() -> str:
        _response, content = panel.download("work.tar.gz")
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
            member = archive.extractfile("./app/Dockerfile")
            assert member is not None
            return member.read().decode()

    assert contents() == "FROM ubuntu\n"
    async_to_sync(services.end)(mine, "a test")
    assert contents() == "FROM ubuntu\n"
    assert panel.get("saved/").json()["saved_at"]


def test_nothing_to_download_is_told(panel: Panel) -> None:
    assert panel.get("work.tar.gz").json()["code"] == "no-work"
