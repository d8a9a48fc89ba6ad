"""Nobody goes on with a password that was printed on a terminal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

ALLOWED_MEANWHILE = {"choose-password", "sign-out"}


class ChoosePasswordFirst(MiddlewareMixin):
    """Sends whoever signed in with a one-time password to the page that replaces it."""

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        match = request.resolver_match
        if (
            request.user.is_authenticated
            and request.user.must_choose_password
            and match is not None
            and match.url_name not in ALLOWED_MEANWHILE
        ):
            # A page is what they wanted to see; what a form would have done is not done later.
            page = {"next": request.get_full_path()} if request.method == "GET" else {}
            return redirect(reverse("choose-password", query=page))
        return None
