"""Checks: what a task asks of the learner's engine.

A kind of check is one file here: its fields, its evaluation and its two sentences.
"""

from typing import Annotated, Any

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
        raise ValueError(f"checks are nested more than {DEEPEST} deep")
    if not isinstance(written, dict) or len(written) != 1:
        raise ValueError(
            "a check is one kind with its fields, such as `image: {reference: ubuntu}`"
        )
    [(kind, fields)] = written.items()
    if kind in ("all", "any"):
        if not isinstance(fields, list) or not fields:
            raise ValueError(f"`{kind}` takes a list of checks")
        checks = tuple(parse_check(field, depth + 1) for field in fields)
        return AllCheck(checks=checks) if kind == "all" else AnyCheck(checks=checks)
    if kind == "not":
        return NotCheck(check=parse_check(fields, depth + 1))
    if kind not in KINDS:
        known = ", ".join(sorted([*KINDS, "all", "any", "not"]))
        raise ValueError(f"there is no check called `{kind}`; there are: {known}")
    return KINDS[kind].model_validate(fields)


WrittenCheck = Annotated[SerializeAsAny[Check], BeforeValidator(parse_check)]

__all__ = ["KINDS", "Check", "Outcome", "WrittenCheck", "parse_check"]
