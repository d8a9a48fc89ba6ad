"""Settings that would be unsafe stop the site before it starts, and say what to do."""

import os
import subprocess
import sys

import pytest

SAFE = {
    "DJANGO_SETTINGS_MODULE": "hakoniwa.settings.production",
    "HAKONIWA_SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQ",
    "HAKONIWA_ALLOWED_HOSTS": "classroom.example.org",
    "HAKONIWA_ENGINE": "unix:///run/hakoniwa/engine.sock",
}
REPORT = """
from django.conf import settings as s
print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY)
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH)
print(s.SESSION_COOKIE_SAMESITE, s.SECURE_SSL_REDIRECT, *s.TRUSTED_PROXIES)
"""


def settings_with(**changes: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HAKONIWA_")}
    command = [sys.executable, "-c", REPORT]
    return subprocess.run(
        command, env=clean | SAFE | changes, capture_output=True, text=True, check=False
    )


def test_behind_tls_cookies_are_for_this_host_and_https_only() -> None:
    done = settings_with()
    assert done.stdout.splitlines() == [
        "False True True True",
        "__Host-sessionid __Host-csrftoken None /",
        "Lax True 127.0.0.1/32 ::1/128",
    ], done.stderr


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"HAKONIWA_SECRET_KEY": ""}, "secret key"),
        ({"HAKONIWA_SECRET_KEY": "short"}, "50 characters"),
        ({"HAKONIWA_SECRET_KEY": "a" * 60}, "secret key"),
        ({"HAKONIWA_ALLOWED_HOSTS": ""}, "HAKONIWA_ALLOWED_HOSTS"),
        ({"HAKONIWA_ALLOWED_HOSTS": "classroom.example.org,*"}, "HAKONIWA_ALLOWED_HOSTS"),
        ({"HAKONIWA_ALLOWED_HOSTS": ".org"}, "HAKONIWA_ALLOWED_HOSTS"),
        ({"HAKONIWA_ENGINE": "tcp://0.0.0.0:2375"}, "HAKONIWA_ENGINE"),
        ({"HAKONIWA_HSTS_SECONDS": "0"}, "HAKONIWA_HSTS_SECONDS"),
        ({"HAKONIWA_TRUSTED_PROXIES": "0.0.0.0/0"}, "HAKONIWA_TRUSTED_PROXIES"),
        ({"HAKONIWA_TRUSTED_PROXIES": "my-proxy"}, "HAKONIWA_TRUSTED_PROXIES"),
    ],
)
def test_an_unsafe_setting_is_refused(changes: dict[str, str], told: str) -> None:
    done = settings_with(**changes)
    assert done.returncode != 0
    assert told in done.stderr.splitlines()[-1]


def test_no_variable_turns_debug_on() -> None:
    done = settings_with(DEBUG="1", DJANGO_DEBUG="1", HAKONIWA_DEBUG="1")
    assert done.stdout.startswith("False")
