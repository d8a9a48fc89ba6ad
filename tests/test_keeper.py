"""The keeper goes on whatever is away for a while."""

import pytest
from django.core.management import call_command
from django.db import OperationalError

from sandbox.management.commands import keep_sandboxes


@pytest.mark.django_db
def test_the_keeper_outlives_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(keep_sandboxes, "keep_once", away)
    call_command("keep_sandboxes", "--once")
    assert "the database does not answer" in caplog.text
