"""Sentences that name things in backticks, as lint's and the loader's do, on a page."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

CODE = re.compile("`([^`\n]+)`")
register = template.Library()


@register.filter
def code(words: object) -> SafeString:
    """What stands in backticks as code; all else is text, also what looks like Markdown."""
    return mark_safe(CODE.sub(r"<code>\1</code>", escape(str(words))))  # noqa: S308 (escaped)
