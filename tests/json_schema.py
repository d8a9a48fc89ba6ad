"""As much of JSON Schema as the schema of `lesson.yml` uses."""

import re
from collections.abc import Iterator
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
KEYWORDS = {
    *("$defs", "$schema", "$ref", "description", "type", "enum", "const", "pattern", "anyOf"),
    *("oneOf", "properties", "patternProperties", "propertyNames", "additionalProperties"),
    *("required", "items", "minItems", "maxItems", "minLength", "maxLength", "maxProperties"),
    *("minProperties", "minimum", "maximum", "exclusiveMinimum"),
}


def fits(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    assert schema.keys() <= KEYWORDS, schema.keys() - KEYWORDS
    if "$ref" in schema:
        return fits(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    return all(_demands(value, schema, root))


def _demands(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> Iterator[bool]:
    if "type" in schema:
        truth = isinstance(value, bool) and schema["type"] != "boolean"
        yield isinstance(value, TYPES[schema["type"]]) and not truth
    if "anyOf" in schema:
        yield any(fits(value, each, root) for each in schema["anyOf"])
    if "oneOf" in schema:
        yield sum(fits(value, each, root) for each in schema["oneOf"]) == 1
    yield value in schema.get("enum", [value])
    yield value == schema.get("const", value)
    if isinstance(value, str):
        yield re.search(schema.get("pattern", ""), value) is not None
        yield schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
    if isinstance(value, int | float):
        yield schema.get("minimum", value) <= value <= schema.get("maximum", value)
        yield schema.get("exclusiveMinimum", value - 1) < value
    if isinstance(value, list):
        yield schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
        yield all(fits(each, schema.get("items", {}), root) for each in value)
    if isinstance(value, dict):
        yield from _of_object(value, schema, root)


def _of_object(
    value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any]
) -> Iterator[bool]:
    yield set(schema.get("required", ())) <= value.keys()
    yield schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value))
    for name, each in value.items():
        yield fits(name, schema.get("propertyNames", {}), root)
        patterns = schema.get("patternProperties", {})
        matching = [patterns[one] for one in patterns if re.search(one, name)]
        if name in schema.get("properties", {}):
            matching.append(schema["properties"][name])
        other = schema.get("additionalProperties", True)
        if not matching and other is False:
            yield False
        yield all(fits(each, one, root) for one in matching)
        if not matching and isinstance(other, dict):
            yield fits(each, other, root)
