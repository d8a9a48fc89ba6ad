"""Every page under its language; the bare address goes to the visitor's own."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import include, path
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView


class ToOwnLanguage(RedirectView):
    """From `/` to `/ja/` or `/en/`, by what the browser asks for."""

    def get_redirect_url(self, *args: object, **kwargs: object) -> str:
        return f"/{get_language()}/"


class Favicon(RedirectView):
    """Browsers ask for this address whatever the page says."""

    def get_redirect_url(self, *args: object, **kwargs: object) -> str:
        return staticfiles_storage.url("favicon.svg")


urlpatterns = [
    path("", require_safe(ToOwnLanguage.as_view()), name="root"),
    path("favicon.ico", require_safe(Favicon.as_view()), name="favicon"),
    *i18n_patterns(
        path("", include("lessons.urls")),
        path("", include("hakoniwa.accounts.urls")),
        path("sandboxes/", include("sandbox.urls")),
        path("studio/", include("lessons.studio.urls")),
    ),
]

handler400 = "hakoniwa.views.bad_request"
handler403 = "hakoniwa.views.permission_denied"
handler404 = "hakoniwa.views.page_not_found"
handler500 = "hakoniwa.views.server_error"
