"""What is shown in the place of a port that can't be."""

from django.template.loader import render_to_string
from django.utils import translation

from hakoniwa.content_security import HEADERS as SITE_HEADERS

from .headers import Headers
from .problems import PortProblem

# These pages are the site's own, though no middleware sees them.
HEADERS: Headers = [
    *((name.lower().encode(), value.encode()) for name, value in SITE_HEADERS.items()),
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


def problem_page(problem: PortProblem, port: str, language: str) -> str:
    with translation.override(language):
        return render_to_string("sandbox/port_problem.html", problem_context(problem, port))


def problem_context(problem: PortProblem, port: str) -> dict[str, object]:
    """For the page's template, in the language of now."""
    return {
        "status": problem.status,
        "title": str(problem.title).replace("{port}", port),
        "advice": [str(line).replace("{port}", port) for line in problem.advice],
    }
