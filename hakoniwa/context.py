"""What every template may ask of the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url


def site(request: HttpRequest) -> dict[str, Any]:
    """The same page in the other languages, and what this site allows."""
    here = request.get_full_path()
    return {
        "page_in": {code: translate_url(here, code) for code, _name in settings.LANGUAGES},
        "guests_welcome": settings.GUESTS_WELCOME,
    }
