"""What every template may ask of the site."""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url


def site(request: HttpRequest) -> dict[str, Any]:
    """The same page in the other languages, and what this site allows."""
    here = request.get_full_path()
    return {
        "page_in": {code: _in_language(here, code) for code, _name in settings.LANGUAGES},
        "guests_welcome": settings.GUESTS_WELCOME,
    }


def _in_language(here: str, code: str) -> str:
    """Of an address that leads nowhere only the language can be changed."""
    return re.sub(r"^/[a-z]{2}/", f"/{code}/", translate_url(here, code))
