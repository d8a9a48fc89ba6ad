"""Write the Japanese of lesson.yml and of the message catalogue as Markdown, for textlint.

Each sentence lands on the line that it has in its source, so textlint's line numbers are right.
Usage: extract.py FOLDER
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
LESSONS = ("lessons/content", "lessons/scaffold", "docs/authoring/gallery")
# As lessons are read: the loader in plain Python takes less of flow style.
LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
# A label such as a title or a button's word ends without a full stop; textlint asks for none
# in a heading.
LABEL = "## "
LABELS = ("/title", "/goals", "/term", "/answers/text")


def lesson_texts(node: yaml.Node | None, way: str = "") -> Iterator[tuple[int, str]]:
    """Every `ja` of a lesson with its line, in the order in which it is written."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "ja":
                label = LABEL if way.endswith(LABELS) else ""
                yield value.start_mark.line + 1, label + " ".join(value.value.split())
            else:
                yield from lesson_texts(value, f"{way}/{key.value}")
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from lesson_texts(item, way)


def message_texts(catalogue: polib.POFile) -> Iterator[tuple[int, str]]:
    """Every translation with its line; its variables stand as `code`."""
    for entry in catalogue:
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            if text and not entry.obsolete:
                words = re.sub(r"%(?:\((\w+)\))?[sd]|\{(\w+)\}", r"`\1\2`", text)
                label = "" if "。" in words else LABEL
                yield entry.linenum, label + " ".join(words.split())


def markdown(texts: Iterator[tuple[int, str]]) -> str:
    """The texts on their lines, an empty line before each so that they stay apart."""
    lines: list[str] = []
    for line, text in texts:
        lines += [""] * max(line - 1 - len(lines), 1)
        lines.append(text)
    return "\n".join(lines) + "\n"


def main(folder: Path) -> None:
    extracts = {
        path: lesson_texts(yaml.compose(path.read_text(encoding="utf-8"), LOADER))
        for place in LESSONS
        for path in sorted(ROOT.glob(f"{place}/*/lesson.yml"))
    }
    for path in sorted(ROOT.glob("locale/ja/LC_MESSAGES/*.po")):
        extracts[path] = message_texts(polib.pofile(str(path)))
    for path, texts in extracts.items():
        target = folder / f"{path.relative_to(ROOT)}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(markdown(texts), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
