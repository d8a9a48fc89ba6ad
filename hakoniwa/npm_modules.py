"""npm packages of ES modules that import each other by name: each is served as one file.

In its text `from "@codemirror/state"` becomes `from "./codemirror-state.js"`, the file beside it: a
browser looks up no names by itself, and a map of them would have to be an inline script.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

FOLDER = "vendor/modules"
IMPORTED = re.compile(
    r"""(?m)^((?:import|export)\s[^'";]*from\s*|import\s*)(['"])([^'"./][^'"]*)\2"""
)


class NpmModules(BaseFinder):
    """Finds what `NPM_MODULES` of the settings names."""

    def __init__(self, *_arguments: Any, **_options: Any) -> None:
        self._storage = _Modules()

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        for package in settings.NPM_MODULES:
            yield f"{FOLDER}/{_name(package)}", self._storage

    def find(self, path: str, find_all: bool = False, **_options: Any) -> Any:
        """Only a development server would ask; what is served here is always collected."""
        return []


class _Modules(Storage):
    """The packages' modules as they are to be served; nothing is written."""

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        text = _source(name).read_text(encoding="utf-8")
        return ContentFile(IMPORTED.sub(_beside, text).encode())

    def path(self, name: str) -> str:
        return str(_source(name))

    def get_modified_time(self, name: str) -> datetime:
        return datetime.fromtimestamp(_source(name).stat().st_mtime, UTC)


def _source(name: str) -> Path:
    """Raises ImproperlyConfigured where npm has not installed it."""
    package = next(each for each in settings.NPM_MODULES if name == f"{FOLDER}/{_name(each)}")
    folder: Path = settings.NODE_MODULES / package
    try:
        described = json.loads((folder / "package.json").read_bytes())
    except FileNotFoundError:
        raise ImproperlyConfigured(f"{package} is not installed: run `npm ci`") from None
    return folder / str(described["exports"]["import"])


def _name(package: str) -> str:
    return f"{package.removeprefix('@').replace('/', '-')}.js"


def _beside(imported: re.Match[str]) -> str:
    before, quote, package = imported.groups()
    if package not in settings.NPM_MODULES:
        raise ImproperlyConfigured(f"{package} is imported, but not in NPM_MODULES")
    return f"{before}{quote}./{_name(package)}{quote}"
