"""A lesson's variables: `${name}` in its texts, checks and scripts."""

import re
from collections.abc import Mapping
from typing import Any

USE = re.compile(r"\$\{([a-z][a-z0-9_]{0,39})\}")
LONGEST_VALUE = 200

Values = Mapping[str, str | int]


def variables_of(lesson: Any) -> Values:
    """What `lesson.yml` declares, as far as it is sound; the document's model names the rest."""
    declared = lesson.get("variables") if isinstance(lesson, dict) else None
    if not isinstance(declared, dict):
        return {}
    return {
        name: value
        for name, value in declared.items()
        if isinstance(value, str | int) and len(str(value)) <= LONGEST_VALUE
    }


def filled_in(written: Any, values: Values) -> Any:
    """The same with the values in place of their names, once; what is not declared stays.

    Where nothing but a variable stands, a number stays a number.
    """
    if isinstance(written, str):
        whole = USE.fullmatch(written)
        if whole and whole[1] in values:
            return values[whole[1]]
        return USE.sub(lambda use: str(values.get(use[1], use[0])), written)
    if isinstance(written, list):
        return [filled_in(item, values) for item in written]
    if isinstance(written, dict):
        return {
            key: item if key == "variables" else filled_in(item, values)
            for key, item in written.items()
        }
    return written
