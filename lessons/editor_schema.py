"""The form of `lesson.yml` as a JSON Schema, for editors: completion, and slips seen at once.

It is a little stricter than the loader (a key without a value is a slip) and knows nothing of what
depends on other places, such as names of hints; for that there is lint.
"""

import json
import sys
from typing import Any

from .checks import KINDS
from .document import Lesson
from .variables import USE

Schema = dict[str, Any]

DIALECT = "http://json-schema.org/draft-07/schema#"
FILE = "lesson.schema.json"
ANY_CHECK = {"$ref": "#/$defs/Check"}
SEVERAL: Schema = {"type": "array", "items": ANY_CHECK, "minItems": 1}
COMPOSED = {"all": SEVERAL, "any": SEVERAL, "not": ANY_CHECK}
# Where a variable may stand for a number, a truth value or a name.
VARIABLE: Schema = {"type": "string", "pattern": USE.pattern}
TIED = {"pattern", "enum", "const"}
# A number in quotes is one, too.
NUMERAL: Schema = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
NUMBERS = ("integer", "number")


def editor_schema() -> str:
    """The whole schema as text, the same for the same format."""
    schema = Lesson.model_json_schema()
    definitions = schema["$defs"]
    kinds = []
    for kind, check in KINDS.items():
        fields = check.model_json_schema()
        definitions |= fields.pop("$defs", {})
        kinds.append(_check(kind, fields, sys.modules[check.__module__].__doc__ or ""))
    kinds += [_check(kind, fields) for kind, fields in COMPOSED.items()]
    definitions["Check"] = {"oneOf": kinds}
    written = _for_authors(schema)
    return json.dumps({"$schema": DIALECT, **written}, indent=1, ensure_ascii=False) + "\n"


def _check(kind: str, fields: Schema, about: str = "") -> Schema:
    """`about` is its module's first line: “`image`: an image with a tag …”."""
    described = {"description": about.split("\n")[0].partition(": ")[2]} if about else {}
    return {
        "type": "object",
        "properties": {kind: {**fields, **described}},
        "required": [kind],
        "additionalProperties": False,
    }


def _for_authors(schema: Schema) -> Schema:
    """Without what helps nobody who writes; a variable may stand for whatever isn't free text."""
    fitting: Schema = {}
    for keyword, value in schema.items():
        match keyword:
            case "title" | "default":
                continue
            case "properties" | "$defs":
                inner = {name: _for_authors(_not_null(each)) for name, each in value.items()}
                fitting[keyword] = inner
            case "anyOf" | "oneOf":
                fitting[keyword] = [_for_authors(each) for each in value]
            case "items" | "additionalProperties" if isinstance(value, dict):
                fitting[keyword] = _for_authors(value)
            case "patternProperties":
                fitting |= {keyword: value, "additionalProperties": False}
            case _:
                fitting[keyword] = value
    free = schema.get("type") in ("string", "object", "array", "null", None)
    if free and not schema.keys() & TIED:
        return fitting
    numeral = [NUMERAL] if schema.get("type") in NUMBERS else []
    return {"anyOf": [fitting, *numeral, VARIABLE]}


def _not_null(schema: Schema) -> Schema:
    """A key that may be left out is not written without a value."""
    left = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    return left[0] if len(left) == 1 else {**schema, "anyOf": left} if left else schema
