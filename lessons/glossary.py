"""A lesson's glossary: where a page first uses a term, it links to what the term means."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .bilingual import Bilingual, Part

KATAKANA = "[ァ-ヶー]"
LATIN = "[0-9A-Za-z_-]"


class Term(Part):
    term: Bilingual
    meaning: Bilingual


class TermLink(NamedTuple):
    """A term as it stands in a text, and its number on the page."""

    words: str
    number: int


def is_linked(number: int, html: str) -> bool:
    """Whether a page uses the term."""
    return f'href="#term-{number}"' in html


def link_terms(state: StateCore) -> None:
    """A rule of the Markdown parser. `env["terms"]` are TermLinks; headings are left alone."""
    terms = {term.words.lower(): term for term in state.env.get("terms", ())}
    heading = False
    for token in state.tokens:
        heading = token.type == "heading_open" or (heading and token.type != "heading_close")
        if terms and token.type == "inline" and not heading:
            token.children = [*_linked(token.children or [], terms)]


def _linked(tokens: Sequence[Token], terms: dict[str, TermLink]) -> Iterator[Token]:
    """The tokens; what is linked is taken out of `terms`."""
    links = 0
    for token in tokens:
        links += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if terms and token.type == "text" and not links:
            yield from _linked_text(token.content, terms)
        else:
            yield token


def _linked_text(text: str, terms: dict[str, TermLink]) -> Iterator[Token]:
    longest_first = sorted(terms, key=len, reverse=True)
    pattern = re.compile("|".join(map(_as_a_word, longest_first)), re.IGNORECASE)
    at = 0
    for found in pattern.finditer(text):
        term = terms.pop(longest_first[(found.lastindex or 1) - 1], None)
        if term is None:
            continue
        yield _text(text[at : found.start()])
        address = {"id": f"use-{term.number}", "href": f"#term-{term.number}"}
        yield Token("link_open", "a", 1, attrs={**address})
        yield _text(found[0])
        yield Token("link_close", "a", -1)
        at = found.end()
    yield _text(text[at:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _as_a_word(term: str) -> str:
    """A group that is no part of a longer word; in Latin letters a plural is the same word."""
    before, after = _kin(term[0]), _kin(term[-1])
    plural = "(?:e?s)?" if after == LATIN else ""
    return f"(?<!{before})({re.escape(term)}){plural}(?!{after})"


def _kin(letter: str) -> str:
    """What a word goes on with, beside this letter."""
    return next((kind for kind in (KATAKANA, LATIN) if re.match(kind, letter)), "(?!)")
