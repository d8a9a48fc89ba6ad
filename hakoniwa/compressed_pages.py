"""Pages are sent compressed: a lesson's step is 8 KiB instead of 33.

Django's own middleware, which hides a page's length from whoever would guess secrets by it
(BREACH), but for pages alone. What learners download is streamed, and often compressed already.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressedPages(GZipMiddleware):
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if response.streaming or not kind.startswith("text/html"):
            return response
        return super().process_response(request, response)
