"""Whoever types wrong passwords again and again has to wait; django-axes counts them."""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from hakoniwa.client_address import client_address
from hakoniwa.rate_limits import TooOften, cache_key
from hakoniwa.too_often import too_often


def locked_out(request: HttpRequest, *_unused: Any) -> HttpResponse:
    """The answer to a try at an account that is locked for this address (AXES_LOCKOUT_CALLABLE)."""
    username = request.axes_credentials["username"]  # type: ignore[attr-defined]
    period = settings.AXES_COOLOFF_TIME.total_seconds()
    # axes keeps to itself when it began; tries meanwhile don't make it longer.
    key = f"locked-out.{cache_key(username)}.{client_address(request)}"
    until = float(cache.get_or_set(key, time.time() + period, timeout=int(period)) or 0)
    return too_often(request, TooOften("account", max(1, until - time.time())))
