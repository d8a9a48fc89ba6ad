"""Each kind of check on hand-made snapshots: what passes, what does not, and what is said."""

from typing import Any

import pytest
from django.utils import translation

from lessons.checks import parse_check
from sandbox.snapshot import Attachment, Container, Image, Mount, Question, Snapshot, Status, Volume

UBUNTU = Image("sha256:1", ("ubuntu:latest",))
BASH = Container(
    id="c0ffee000000",
    name="memo",
    image="ubuntu:latest",
    status=Status.RUNNING,
    interactive=True,
    tty=True,
    command=("/bin/bash",),
    attachments=(Attachment("bridge", "172.17.0.2"),),
    mounts=(Mount("volume", "notes", "/notes"),),
    changed_paths=frozenset({"/hello.txt"}),
    files=frozenset({"/notes/memo.txt"}),
)
STOPPED = Container(
    id="decaf0000000", name="old", image="ubuntu:latest", status=Status.EXITED, exit_code=127
)
FULL = Snapshot(images=(UBUNTU,), containers=(BASH, STOPPED), volumes=(Volume("notes"),))
EMPTY = Snapshot()


@pytest.mark.parametrize(
    "written",
    [
        {"image": {"reference": "ubuntu"}},
        {"image": {"reference": "ubuntu:latest"}},
        {"container": {"image": "ubuntu", "status": "running"}},
        {"container": {"interactive": True, "tty": True, "command": ["/bin/bash"]}},
        {"container": {"name": "memo", "has_address": True}},
        {"container": {"name": "old", "status": "exited", "exit_code": 127}},
        {"container": {"mounts_volume": "notes"}},
        {"writable_layer": {"image": "ubuntu"}},
        {"writable_layer": {"name": "memo", "path": "/hello.txt"}},
        {"file": {"mounts_volume": "notes", "path": "/notes/memo.txt"}},
        {"volume": {"name": "notes"}},
        {"not": {"container": {"name": "gone"}}},
        {"all": [{"volume": {"name": "notes"}}, {"image": {"reference": "ubuntu"}}]},
        {"any": [{"volume": {"name": "none"}}, {"image": {"reference": "ubuntu"}}]},
    ],
)
def test_what_is_there_passes_and_an_empty_engine_does_not(written: dict[str, Any]) -> None:
    check = parse_check(written)
    assert check.evaluate(FULL).passed
    assert check.evaluate(EMPTY).passed is ("not" in written)


@pytest.mark.parametrize(
    "written",
    [
        {"image": {"reference": "ubuntu:24.04"}},
        {"container": {"name": "memo", "status": "exited"}},
        {"container": {"name": "memo", "restarted": True}},
        {"container": {"name": "old", "has_address": True}},
        {"container": {"name": "memo", "command": ["/bin/sh"]}},
        # Both are true of some container, but not of one and the same.
        {"container": {"name": "memo", "exit_code": 127}},
        {"writable_layer": {"name": "old"}},
        {"writable_layer": {"path": "/other.txt"}},
        {"file": {"name": "old", "path": "/notes/memo.txt"}},
        {"volume": {"name": "note"}},
        {"not": {"container": {"name": "memo"}}},
        {"all": [{"volume": {"name": "notes"}}, {"volume": {"name": "none"}}]},
    ],
)
def test_what_differs_does_not_pass(written: dict[str, Any]) -> None:
    assert not parse_check(written).evaluate(FULL).passed


def test_a_learner_is_told_what_was_seen_and_what_was_expected() -> None:
    check = parse_check({"container": {"name": "old", "status": "running"}})
    with translation.override("en"):
        outcome = check.evaluate(FULL)
    assert outcome.seen == "Container old from the image ubuntu:latest, which is stopped."
    assert outcome.expected == "A container called old, running."
    with translation.override("ja"):
        outcome = check.evaluate(FULL)
    assert "old" in outcome.seen
    assert "停止" in outcome.seen
    assert "実行中" in outcome.expected


def test_the_container_nearest_to_what_is_asked_is_spoken_of() -> None:
    check = parse_check({"container": {"image": "ubuntu", "tty": True, "has_address": False}})
    with translation.override("en"):
        assert "memo" in check.evaluate(FULL).seen


def test_only_what_a_check_needs_is_asked_of_the_engine() -> None:
    assert parse_check({"container": {}}).question() == Question()
    written = {"any": [{"writable_layer": {}}, {"not": {"file": {"path": "/a"}}}]}
    assert parse_check(written).question() == Question(changes=True, files=frozenset({"/a"}))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"imagee": {"reference": "ubuntu"}}, "There is no check called `imagee`"),
        ({"image": {"ref": "ubuntu"}}, "reference"),
        ({"image": {"reference": "a"}, "volume": {"name": "b"}}, "one kind"),
        ("image", "one kind"),
        ({"all": []}, "list of checks"),
        ({"container": {"status": "runing"}}, "running"),
    ],
)
def test_a_slip_of_the_author_is_named(written: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_check(written)


def test_checks_nested_without_end_are_refused() -> None:
    written: dict[str, Any] = {"image": {"reference": "ubuntu"}}
    for _level in range(5000):
        written = {"not": written}
    with pytest.raises(ValueError, match="deep"):
        parse_check(written)
