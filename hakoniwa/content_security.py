"""What browsers are told about every answer: which contents, embedding and devices it may have."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

# No 'unsafe-inline', for scripts or for styles; static/js/terminal-styles.js is how xterm.js does
# without.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)


# Devices that no page of ours uses; the clipboard is left to the terminal's own buttons.
UNUSED = ["camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb"]
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
}


class ContentSecurity(MiddlewareMixin):
    """Adds the headers, unless a view has set its own (https://www.w3.org/TR/CSP3/)."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
