"""Sizes as Docker writes them: 64m, 1g, in powers of 1024."""

import re
from typing import Annotated

from django.utils.translation import ngettext
from pydantic import BeforeValidator

_WRITTEN = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s*([kmgt]?)(?:i?b)?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}


def in_bytes(written: object) -> int:
    """Raises ValueError for what is no size."""
    found = _WRITTEN.fullmatch(str(written).strip())
    if found is None:
        raise ValueError(f"`{written}` is no size; write for example 64m or 1g")
    return int(float(found[1]) * _UNITS[found[2].lower()])


Size = Annotated[int, BeforeValidator(in_bytes, json_schema_input_type=int | str)]


def size_words(size: int) -> str:
    """Such as 64 MiB."""
    if size < 1024:
        return ngettext("%(number)d byte", "%(number)d bytes", size) % {"number": size}
    unit, factor = next(
        (unit, factor)
        for unit, factor in (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024))
        if size >= factor
    )
    return f"{size / factor:.1f}".removesuffix(".0") + f" {unit}"
