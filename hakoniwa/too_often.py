"""What somebody gets who has to wait: status 429, how long, and what to do meanwhile."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from .rate_limits import TooOften


class AnswerTooOften(MiddlewareMixin):
    """Answers for whatever view raised TooOften."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return too_often(request, error) if isinstance(error, TooOften) else None


def too_often(request: HttpRequest, error: TooOften) -> HttpResponse:
    """A page for people, JSON for the terminal's script, one sentence for htmx."""
    sentence = _("That was too often in a short time. Wait %(wait)s, then try again.")
    sentence %= {"wait": error.wait}
    headers = {"Retry-After": str(error.seconds), "Cache-Control": "no-store"}
    if "HX-Request" in request.headers:
        return HttpResponse(sentence, "text/plain; charset=utf-8", 429, headers=headers)
    if "application/json" in request.headers.get("Accept", ""):
        told = {"code": "too-often", "message": sentence}
        return JsonResponse(told, status=429, headers=headers)
    until = timezone.localtime() + timedelta(seconds=error.seconds)
    context = {"whose": error.whose, "wait": error.wait, "until": until}
    response = render(request, "errors/429.html", context, status=429)
    for name, value in headers.items():
        response.headers[name] = value
    return response
