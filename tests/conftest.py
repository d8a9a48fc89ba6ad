"""What all tests share. Nothing here stands in for Docker: a missing engine is a failure."""

import os
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from hakoniwa.accounts.models import Cohort, User
from lessons.catalogue import load_lessons
from lessons.models import Lesson, LessonVersion, VersionFile

_rows: list[list[Any]] = []  # of each table

# The settings have been read. What tests start as programs of their own has SQLite in a folder of
# the test's, never a server's database, which may be a site's.
os.environ.pop("HAKONIWA_DATABASE_URL", None)


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Pages name static files by their content, as on a real site."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """No test has to wait because of what an earlier one did often."""
    cache.clear()


@pytest.fixture
def cohort(db: None) -> Cohort:
    instructor = User.objects.create(username="teacher", name="teacher", role=User.Role.INSTRUCTOR)
    return Cohort.objects.create(name="2年1組", code="K7QM-4FXT", instructor=instructor)


@pytest.fixture
def learner(cohort: Cohort) -> User:
    user = User(
        username=cohort.username_for("Hana"), name="Hana", role=User.Role.LEARNER, cohort=cohort
    )
    user.set_password("correct horse")
    user.save()
    return user


@pytest.fixture
def lessons(db: None) -> None:
    """Our own lessons. Their files are read for the first test that wants them, not for each."""
    if not _rows:
        _loaded, errors = load_lessons()
        assert not errors, errors
        _rows.extend(list(model.objects.all()) for model in (Lesson, LessonVersion, VersionFile))
    else:
        for rows in _rows:
            type(rows[0])._default_manager.bulk_create(rows)


@pytest.fixture
def signed_in(client: Client, learner: User) -> Client:
    client.force_login(learner)
    return client


@pytest.fixture
def instructor(db: None) -> User:
    """Somebody who writes lessons."""
    return User.objects.create(username="author", name="author", role=User.Role.INSTRUCTOR)


@pytest.fixture
def author(client: Client, instructor: User) -> Client:
    """Their browser."""
    client.force_login(instructor)
    return client
