"""npm's modules as browsers get them: every import leads to a file beside it."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from hakoniwa.npm_modules import NpmModules

IMPORT = re.compile(r"""(?m)^(?:import|export)\s[^'";]*?from\s*['"]([^'"]+)['"]""")


def served() -> dict[str, str]:
    return {
        path.rsplit("/", 1)[-1]: storage.open(path).read().decode()
        for path, storage in NpmModules().list([])
    }


def test_no_module_imports_another_by_its_name() -> None:
    modules = served()
    assert "codemirror-view.js" in modules
    imported = {name for text in modules.values() for name in IMPORT.findall(text)}
    assert "./codemirror-state.js" in imported
    assert {name.removeprefix("./") for name in imported} <= modules.keys()


@pytest.mark.parametrize(
    ("packages", "words"),
    [(["@codemirror/view"], "not in NPM_MODULES"), (["no-such-package"], "run `npm ci`")],
)
def test_what_is_missing_is_named(settings: Settings, packages: list[str], words: str) -> None:
    settings.NPM_MODULES = packages
    with pytest.raises(ImproperlyConfigured, match=words):
        served()
