"""Who may come into the studio: instructors. Whoever may not gets back what they had typed."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hakoniwa.accounts.models import User

View = Callable[..., HttpResponse]


def for_authors(view: View) -> View:
    """A page; the view is called with the author."""

    @wraps(view)
    def guarded(request: HttpRequest, **arguments: object) -> HttpResponse:
        if author := author_of(request):
            return view(request, author, **arguments)
        if request.method == "POST" and request.POST.get("text"):
            return render(request, "studio/kept.html", {"sent": request.POST}, status=403)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied

    return guarded


def for_authors_scripts(view: View) -> View:
    """What the studio's scripts ask for; a refusal is JSON with a sentence."""

    @wraps(view)
    def guarded(request: HttpRequest, **arguments: object) -> HttpResponse:
        if author := author_of(request):
            return view(request, author, **arguments)
        if not request.user.is_authenticated:
            sentence = _("Your sign-in has ended. Sign in again in another tab, then come back.")
            return refused("signed-out", sentence, 401)
        return refused("no-author", _("You are signed in as somebody who writes no lessons."), 403)

    return guarded


def author_of(request: HttpRequest) -> User | None:
    user = request.user
    return user if isinstance(user, User) and user.is_instructor else None


def refused(code: str, sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code, "message": sentence}, status=status)
