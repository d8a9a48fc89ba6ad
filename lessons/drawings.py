"""SVG images: read for their size, and refused where they hold more than a drawing.

They are served so that nothing in them can run whatever they hold; what is found here is for
their author to know, and keeps a drawing from occupying a browser.
"""

import re
from xml.parsers import expat

from django.utils.translation import gettext as _

from .faults import Fault, LessonError

SVG = "http://www.w3.org/2000/svg "
NOT_DRAWN = {f"{SVG}script", f"{SVG}foreignObject"}
EMBEDDED = r"data:image/(?:png|jpeg|webp);"
OWN = re.compile(rf"\s*(?:#|{EMBEDDED})")
ELSEWHERE = re.compile(rf"@import|url\(\s*[\"']?(?!\s*[\"']?(?:#|{EMBEDDED}))", re.IGNORECASE)
LENGTH = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)(?:px)?\s*")
MOST_ELEMENTS = 5_000


def size_of(path: str, content: bytes) -> tuple[int, int]:
    """Width and height, from `viewBox` or the attributes of that name. Raises LessonError."""
    drawing = _Drawing(path)
    drawing.read(content)
    return drawing.size


class _Drawing:
    def __init__(self, path: str) -> None:
        self.size = (0, 0)
        self._path = path
        self._count = 0
        # The ids of the elements that are open, "" for one without.
        self._open: list[str] = []
        self._using: set[str] = set()
        self._used: set[str] = set()
        self._parser = parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.buffer_size = 1 << 20
        parser.StartDoctypeDeclHandler = self._refuse
        parser.ProcessingInstructionHandler = self._refuse
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._look_at

    def read(self, content: bytes) -> None:
        try:
            self._parser.Parse(content, True)
        except expat.ExpatError as error:
            words = _("This is not readable as SVG: %(reason)s.")
            words %= {"reason": expat.ErrorString(error.code)}
            raise LessonError([Fault(self._path, error.lineno, error.offset + 1, words)]) from None
        if self._using & self._used:
            # Ten levels of ten would be drawn ten thousand million times.
            raise self._fault(_("What a `<use>` repeats may not hold another `<use>`."))

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise self._fault(_("There is too much in this file, or it is nested too deep."))
        if not self._open:
            self.size = self._size(name, attributes)
        if name in NOT_DRAWN:
            self._refuse()
        self._open.append(attributes.get("id", ""))
        for key, value in attributes.items():
            self._look_at(value)
            attribute = key.split(" ")[-1].lower()
            if attribute.startswith("on") or (attribute == "href" and not OWN.match(value)):
                self._refuse()
            if name == f"{SVG}use" and attribute == "href":
                self._used.add(value.strip().removeprefix("#"))
                self._using |= {each for each in self._open if each}

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _look_at(self, text: str) -> None:
        if ELSEWHERE.search(text):
            self._refuse()

    def _size(self, name: str, attributes: dict[str, str]) -> tuple[int, int]:
        sides = attributes.get("viewBox", "").replace(",", " ").split()[2:]
        sides = sides or [attributes.get("width", ""), attributes.get("height", "")]
        lengths = [LENGTH.fullmatch(side) for side in sides]
        if name != f"{SVG}svg" or len(lengths) != 2 or not all(lengths):
            raise self._fault(_("An SVG file begins with `<svg>`, which has a `viewBox`."))
        width, height = (round(float(length[1])) for length in lengths if length)
        return width, height

    def _refuse(self, *_what: object) -> None:
        words = _("A drawing may hold no scripts, no document type and nothing from elsewhere.")
        raise self._fault(words)

    def _fault(self, words: str) -> LessonError:
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        return LessonError([Fault(self._path, line, column, words)])
