"""The images that a Dockerfile or a Compose file names, as far as its lines tell."""

import re
from collections.abc import Iterator

FROM = re.compile(r"FROM\s+(?:--\S+\s+)*(\S+)(?:\s+(?:AS|as)\s+(\S+))?\s*$")
IMAGE = re.compile(r"""(\s+)image:\s+["']?([\w./:@-]+)["']?\s*(?:#.*)?$""")


def named_images(text: str) -> Iterator[tuple[str, int]]:
    """Each that has to be fetched, with its line from 0; not what the same file builds."""
    lines = text.split("\n")
    stages = {"scratch"}
    for number, line in enumerate(lines):
        if found := FROM.match(line):
            image, stage = found.groups()
            if image not in stages and "$" not in image:
                yield image, number
            stages |= {stage}
        elif (found := IMAGE.match(line)) and not _is_built(lines, number, len(found[1])):
            yield found[2], number


def _is_built(lines: list[str], number: int, column: int) -> bool:
    """Whether the service of this line has a `build` of its own, above or below."""
    below, above = lines[number + 1 :], lines[:number][::-1]
    for side in (below, above):
        for line in side:
            key = line.lstrip()
            if key and len(line) - len(key) < column:
                break
            if len(line) - len(key) == column and key.startswith("build:"):
                return True
    return False
