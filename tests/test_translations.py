"""Nothing a person reads is left in the wrong language."""

import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

CATALOGUE = Path(settings.BASE_DIR) / "locale/ja/LC_MESSAGES/django.po"


def test_every_message_is_translated_and_none_is_fuzzy() -> None:
    catalogue = polib.pofile(str(CATALOGUE))
    assert len(catalogue) > 50
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    import re

    wrong = [
        entry.msgid
        for entry in polib.pofile(str(CATALOGUE)).translated_entries()
        if set(re.findall(r"%\(\w+\)s", entry.msgid)) != set(re.findall(r"%\(\w+\)s", entry.msgstr))
        and not entry.msgid_plural
    ]
    assert wrong == []


def test_every_message_in_the_sources_is_in_the_catalogue(tmp_path: Path) -> None:
    """`makemessages` on a copy finds nothing new."""
    copied = tmp_path / "site"
    skipped = shutil.ignore_patterns(".*", "node_modules", "tests", "__pycache__", "*.mo")
    shutil.copytree(settings.BASE_DIR, copied, ignore=skipped)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", "ja", "--no-location", "-v", "0"],
        cwd=copied,
        check=True,
        env={"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "hakoniwa.settings.test"},
    )
    fresh = {
        entry.msgid
        for entry in polib.pofile(str(copied / CATALOGUE.relative_to(settings.BASE_DIR)))
        if not entry.obsolete
    }
    known = {entry.msgid for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete}
    assert fresh - known == set()
    assert known - fresh == set()


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
