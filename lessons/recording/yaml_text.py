"""Checks, scripts and tasks as YAML that a person would write."""

from typing import Any

import yaml

WIDTH = 1000


class _Writer(yaml.SafeDumper):
    """Lists are indented below their key; text of several lines stands in lines."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


def as_yaml(value: Any) -> str:
    """What is short stands in one line: `image: {reference: ubuntu}`."""
    return yaml.dump(
        value,
        Dumper=_Writer,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=WIDTH,
    )


def indented(text: str, column: int) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(" " * column + line if line.strip() else line for line in lines)
