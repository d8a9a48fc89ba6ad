"""A guest at the real server without a browser: signed in, with a sandbox."""

import http.client
import http.cookiejar
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from tests.engine.conftest import Sandbox

from .conftest import Site


class Guest:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._cookies = http.cookiejar.CookieJar()
        jar = urllib.request.HTTPCookieProcessor(self._cookies)
        self._opener = urllib.request.build_opener(jar)
        self.get("/en/")
        self.post("/en/try/")
        self.post("/en/sandboxes/")
        row = "Sandbox.objects.filter(state='claimed').latest('claimed_at')"
        ask = f"from sandbox.models import Sandbox; print({row}.container)"
        self.sandbox = Sandbox(site.engine, site.manage("shell", "-v", "0", "-c", ask).strip())

    def get(self, path: str) -> http.client.HTTPResponse:
        return self._opener.open(self._site.url + path)  # type: ignore[no-any-return]

    def path_of(self, port: int) -> str:
        """Where a port is open, whether or not something listens there."""
        try:
            shown = self.get(f"/en/sandboxes/ports/open/?port={port}")
        except urllib.error.HTTPError as problem:
            return urlsplit(str(problem.url)).path
        with shown:
            return urlsplit(shown.url).path

    def post(self, path: str) -> None:
        token = next(c.value for c in self._cookies if c.name == "csrftoken")
        headers = {"X-CSRFToken": token or "", "Origin": self._site.url}
        self._opener.open(urllib.request.Request(self._site.url + path, b"", headers)).close()


@pytest.fixture
def guest(site: Site) -> Guest:
    return Guest(site)
