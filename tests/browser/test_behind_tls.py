"""The production settings in a browser, over TLS: the whole of a lesson works with its cookies."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from .conftest import Site
from .screen import LESSON, start_as_guest, type_line, wait_for_text


class SecureSite(Site):
    """A site that ends TLS itself, with a certificate of its own making."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, DJANGO_SETTINGS_MODULE="hakoniwa.settings.production")
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        subject = ["-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
        subprocess.run([*request, *subject], check=True, capture_output=True)
        self.url = f"https://127.0.0.1:{self.port}"
        keys = f"privateKey={key}:certKey={certificate}"
        self.listen = ["-e", f"ssl:{self.port}:interface=127.0.0.1:{keys}"]

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                context = ssl._create_unverified_context()  # noqa: S323 (its own certificate)
                context.wrap_socket(connection).close()
        except OSError:
            return False
        return True


@pytest.fixture
def secure_site(site: Site, tmp_path: Path) -> Iterator[SecureSite]:
    secure = SecureSite(site.folder)
    secure.start()
    yield secure
    secure.kill()


def test_a_lesson_over_tls(secure_site: SecureSite, chromium: Browser) -> None:
    context = chromium.new_context(base_url=secure_site.url, ignore_https_errors=True)
    page = context.new_page()
    answer = page.goto(LESSON)
    assert answer is not None
    assert "max-age=" in answer.headers["strict-transport-security"]
    start_as_guest(page, LESSON)
    type_line(page, "echo over-$((2 * 2))")
    wait_for_text(page, "over-4")
    page.get_by_role("button", name="Check now").click()
    expect(page.locator("#live-status")).to_have_attribute("data-state", "watching")
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    for name in ("__Host-sessionid", "__Host-csrftoken"):
        assert cookies[name]["secure"]
        assert cookies[name]["sameSite"] == "Lax"
    assert cookies["__Host-sessionid"]["httpOnly"]
    context.close()
