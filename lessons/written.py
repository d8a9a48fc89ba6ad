"""`lesson.yml` as plain values that remember where they stood.

Of YAML only what a lesson needs is read: mappings, lists, text, decimal numbers, `true`, `false`
and `null`. So `no`, `22:22` and `1.10-2` are text, and no tag makes an object.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from .faults import Fault, LessonError

Way = tuple[str | int, ...]

LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
CORE = "tag:yaml.org,2002:"
TEXTUAL = {f"{CORE}{tag}" for tag in ("str", "timestamp", "value", "merge", "bool", "int", "float")}
# More digits than any port, size or count has; Python itself refuses very long ones.
INTEGER = re.compile(r"[-+]?[0-9]{1,15}")
DECIMAL = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
DEEPEST = 40
MOST_NODES = 20_000


@dataclass
class Written:
    """A value with the line and column, from 1, of all that is in it."""

    value: Any = None
    places: dict[Way, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Way, tuple[int, int]] = field(default_factory=dict)

    def place(self, way: Way, *, key: bool = False) -> tuple[int, int]:
        """Of the value at the end of this way (or of its key), or of what is nearest to it."""
        if key and way in self.keys:
            return self.keys[way]
        while way and way not in self.places:
            way = way[:-1]
        return self.places.get(way, (1, 1))


def read_yaml(content: bytes, file: str = "lesson.yml") -> Written:
    """Raises LessonError."""
    text = as_text(content, file)
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        words = " ".join(filter(None, [error.context, error.problem]))
        raise _not_yaml(file, error.problem_mark or error.context_mark, words) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _not_yaml(file, None, str(error).splitlines()[0]) from None
    written = Written()
    if node is not None:
        written.value = _Reading(file, written).read(node, ())
    return written


def nodes_of(text: str) -> yaml.Node | None:
    """The nodes of what `read_yaml` has taken, with the places at which they begin and end."""
    node: yaml.Node | None = yaml.compose(text, Loader=LOADER)
    return node


def value_of(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """What stands under this key, where the node is a mapping that has it."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def end_of(node: yaml.Node, lines: list[str]) -> int:
    """The line behind its last, from 0; blank lines and comments below it are what follows."""
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(node, yaml.MappingNode) else last
    line = node.end_mark.line + (1 if node.end_mark.column else 0)
    while line and not lines[line - 1].strip():
        line -= 1
    return int(line)


def as_text(content: bytes, file: str) -> str:
    """Raises LessonError where it is not UTF-8 or holds what no one can see."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise LessonError([Fault(file, line, words=_("This is not UTF-8 text."))]) from None
    if found := UNPRINTABLE.search(text):
        before = text[: found.start()]
        line, column = before.count("\n") + 1, found.start() - before.rfind("\n")
        words = _("There is a control character here.")
        raise LessonError([Fault(file, line, column, words)])
    return text


class _Reading:
    """From nodes to values; stops at the first thing that a lesson can't have."""

    def __init__(self, file: str, written: Written) -> None:
        self._file = file
        self._written = written
        self._seen: set[int] = set()

    def read(self, node: yaml.Node, way: Way) -> Any:
        self._written.places[way] = _place(node.start_mark)
        if id(node) in self._seen:
            raise self._fault(node, _("Anchors and aliases of YAML are not read."))
        self._seen.add(id(node))
        if len(self._seen) > MOST_NODES or len(way) > DEEPEST:
            raise self._fault(node, _("There is too much in this file, or it is nested too deep."))
        if isinstance(node, yaml.MappingNode) and node.tag == f"{CORE}map":
            return self._mapping(node, way)
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{CORE}seq":
            return [self.read(item, (*way, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        raise self._fault(node, _("Tags of YAML are not read."))

    def _mapping(self, node: yaml.MappingNode, way: Way) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._fault(key_node, _("A key must be a word."))
            key = str(key_node.value)
            if key in values:
                raise self._fault(key_node, _("`%(key)s` stands here twice.") % {"key": key[:60]})
            self._written.keys[*way, key] = _place(key_node.start_mark)
            values[key] = self.read(value_node, (*way, key))
        return values

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        text = str(node.value)
        if node.tag == f"{CORE}null":
            return None
        if node.tag not in TEXTUAL:
            raise self._fault(node, _("Tags of YAML are not read."))
        if UNPRINTABLE.search(text):
            raise self._fault(node, _("There is a control character here."))
        if node.tag == f"{CORE}bool" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        if node.tag == f"{CORE}int" and INTEGER.fullmatch(text):
            return int(text)
        if node.tag == f"{CORE}float" and DECIMAL.fullmatch(text):
            return float(text)
        return text

    def _fault(self, node: yaml.Node, words: str) -> LessonError:
        return LessonError([Fault(self._file, *_place(node.start_mark), words)])


def _place(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _not_yaml(file: str, mark: Any, reason: str) -> LessonError:
    words = _("This is not readable as YAML: %(reason)s.") % {"reason": reason[:200]}
    return LessonError([Fault(file, *(_place(mark) if mark else (1, 1)), words)])
