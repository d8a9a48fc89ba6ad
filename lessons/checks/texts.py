"""Text that a check looks for in a file, a log or a page."""

from typing import Annotated

from pydantic import StringConstraints

Sought = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


def is_in(text: str, sought: str) -> bool:
    """However the blanks and line ends between words are."""
    return " ".join(sought.split()) in " ".join(text.split())
