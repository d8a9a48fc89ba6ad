"""A step's Markdown as safe HTML."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .glossary import TermLink, link_terms
from .pictures import Picture

PLAIN_TAGS = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr", "br"),
    *("strong", "em", "code", "kbd"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    "a": {"href", "id"},
    "button": {"type", "class", "data-action"},
    "div": {"class"},
    "figure": {"class", "data-command"},
    "img": {"src", "alt", "width", "height", "loading"},
    "pre": {"class"},
}


SIGN, ESCAPED = re.compile(r"\*\*|`"), re.compile(r"\\[*`]")


class ShownPicture(NamedTuple):
    """An image in a text; `line` and `column` count from 1."""

    path: str
    alt: str
    line: int
    column: int


@lru_cache(maxsize=512)
def pictures_in(text: str) -> tuple[ShownPicture, ...]:
    """Every image that a step's text shows, in order."""
    return tuple(_pictures_in(text))


def _pictures_in(text: str) -> Iterator[ShownPicture]:
    lines = text.split("\n")
    for block in _parser().parse(text):
        line, column = (block.map or [0])[0], 0
        for token in block.children or ():
            if token.type in ("softbreak", "hardbreak"):
                line, column = line + 1, 0
            if token.type == "image":
                column = lines[line].find("![", column) + 1
                yield ShownPicture(str(token.attrs["src"]), token.content, line + 1, column)


def signs_in(text: str) -> Iterator[tuple[str, int]]:
    """Each `**` or backtick that would be shown, with its line; not those that are escaped."""
    for block in _parser().parse(ESCAPED.sub("", text)):
        line = (block.map or [0])[0] + 1
        for token in block.children or ():
            line += token.type in ("softbreak", "hardbreak")
            if token.type == "text":
                yield from ((sign, line) for sign in SIGN.findall(token.content))


@lru_cache(maxsize=512)
def render_step(
    text: str,
    language: str,
    pictures: tuple[Picture, ...] = (),
    terms: tuple[TermLink, ...] = (),
) -> SafeString:
    """The HTML of a step's text, its buttons in this language (which must be the active one).

    Of images only these are shown; of others the words that stand for them.
    """
    shown = {picture.path: picture for picture in pictures}
    html = _parser().render(text, {"pictures": shown, "terms": terms})
    clean = nh3.clean(
        html,
        tags=PLAIN_TAGS | set(ATTRIBUTES),
        attributes=ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 (nh3 let through only what is named above)


def render_line(text: str) -> SafeString:
    """One line that may hold `code` and emphasis: a task's title, a hint."""
    html = _parser().renderInline(text)
    return mark_safe(nh3.clean(html, tags={"code", "strong", "em"}, attributes={}))  # noqa: S308


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.core.ruler.push("terms", link_terms)
    parser.add_render_rule("fence", _render_fence)
    parser.add_render_rule("image", _render_picture)
    return parser


def _render_fence(
    _renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any
) -> str:
    """`console run` and `console` become command blocks with buttons; the rest stays as it is."""
    token = tokens[index]
    words = token.info.split()
    content = token.content.rstrip("\n")
    if not words or words[0] != "console":
        return format_html('<pre class="output"><code>{}</code></pre>', content)
    buttons = []
    if "run" in words:
        buttons.append(_button("run", _("Run")))
    buttons.append(_button("copy", _("Copy")))
    return format_html(
        '<figure class="command" data-command="{}"><pre><code>{}</code></pre>'
        '<div class="command-actions">{}</div></figure>',
        content,
        content,
        mark_safe("".join(buttons)),  # noqa: S308 (made by format_html just above)
    )


def _render_picture(
    _renderer: Any, tokens: Sequence[Token], index: int, _options: Any, env: dict[str, Any]
) -> str:
    token = tokens[index]
    picture: Picture | None = env.get("pictures", {}).get(token.attrs["src"])
    if picture is None:
        return format_html("{}", token.content)
    words = '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">'
    return format_html(words, picture.url, token.content, picture.width, picture.height)


def _button(action: str, label: str) -> str:
    return format_html(
        '<button type="button" class="{}" data-action="{}">{}</button>', action, action, label
    )
