"""The Content-Security-Policy of every page."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

# 'unsafe-inline' stands for style *attributes* and the style elements that xterm.js makes to size
# its rows; it never stands for scripts. `data:` fonts and images are what our own CSS embeds.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)


class ContentSecurityPolicy(MiddlewareMixin):
    """Adds the policy to each answer (https://www.w3.org/TR/CSP3/)."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
