"""Checks: what a task asks of the learner's engine.

A kind of check is one file here: its fields, its evaluation and its two sentences.
"""

from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, SerializeAsAny

from .base import Check, Outcome
from .compose import ComposeCheck
from .composition import AllCheck, AnyCheck, NotCheck
from .container import ContainerCheck
from .context import ContextCheck
from .file import FileCheck
from .http import HttpCheck
from .image import ImageCheck
from .log import LogCheck
from .login import LoginCheck
from .network import NetworkCheck
from .registry import RegistryCheck
from .script import ScriptCheck
from .volume import VolumeCheck
from .work_file import WorkFileCheck
from .writable_layer import WritableLayerCheck

KINDS: dict[str, type[Check]] = {
    check.kind: check
    for check in (
        ComposeCheck,
        ContainerCheck,
        ContextCheck,
        FileCheck,
        HttpCheck,
        ImageCheck,
        LogCheck,
        LoginCheck,
        NetworkCheck,
        RegistryCheck,
        ScriptCheck,
        VolumeCheck,
        WorkFileCheck,
        WritableLayerCheck,
    )
}
# Deep enough for any sentence a person would write, far from Python's recursion limit.
DEEPEST = 8


def parse_check(written: Any, depth: int = 0) -> Check:
    """The check behind `{kind: {fields}}` as it stands in `lesson.yml`.

    Raises ValueError with a sentence that names what is wrong.
    """
    if isinstance(written, Check):
        return written
    if depth > DEEPEST:
        raise ValueError(_("Checks are nested more than %(number)d deep.") % {"number": DEEPEST})
    if not isinstance(written, dict) or len(written) != 1:
        raise ValueError(
            _("A check is one kind with its fields, such as `image: {reference: ubuntu}`.")
        )
    [(kind, fields)] = written.items()
    if kind in ("all", "any"):
        if not isinstance(fields, list) or not fields:
            raise ValueError(_("`%(kind)s` takes a list of checks.") % {"kind": kind})
        checks = tuple(parse_check(field, depth + 1) for field in fields)
        return AllCheck(checks=checks) if kind == "all" else AnyCheck(checks=checks)
    if kind == "not":
        return NotCheck(check=parse_check(fields, depth + 1))
    if kind not in KINDS:
        known = ", ".join(sorted([*KINDS, "all", "any", "not"]))
        words = _("There is no check called `%(kind)s`; there are: %(known)s.")
        raise ValueError(words % {"kind": str(kind)[:60], "known": known})
    return KINDS[kind].model_validate(fields)


WrittenCheck = Annotated[SerializeAsAny[Check], BeforeValidator(parse_check)]

__all__ = ["KINDS", "Check", "Outcome", "WrittenCheck", "parse_check"]
