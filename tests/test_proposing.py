"""What is proposed of two looks, where no engine is needed to see it."""

from dataclasses import replace

import pytest
import yaml

from lessons.checks import parse_check
from lessons.recording import QUESTION, propose, question_beyond
from lessons.recording.keeping import MOST_BYTES, TooMuchThere, packed, unpacked
from lessons.recording.proposing import MOST_PROPOSALS
from lessons.recording.yaml_text import as_yaml
from sandbox.snapshot import (
    Attachment,
    Container,
    Details,
    Image,
    Mount,
    Network,
    Publication,
    Ran,
    Snapshot,
    Status,
    Volume,
)

BUSYBOX = Image("sha256:b", ("busybox:latest",), details=Details(layers=("1",), command=("sh",)))
EMPTY = Snapshot(images=(BUSYBOX,), ran=dict.fromkeys(QUESTION.commands, Ran(0, "{}")))


def container(name: str, **fields: object) -> Container:
    values = {"status": Status.RUNNING, "image_id": "sha256:b", "command": ("sh",)} | fields
    return Container(name * 12, name, "busybox:latest", **values)  # type: ignore[arg-type]


def proposed(*containers: Container, **fields: object) -> list[object]:
    after = replace(EMPTY, containers=containers, **fields)  # type: ignore[arg-type]
    return list(propose(EMPTY, after))


def test_what_docker_has_chosen_is_left_out() -> None:
    anonymous = Volume("0" * 64)
    found = proposed(
        container(
            "eager_curie7",
            ports=(Publication(32768, 80),),
            mounts=(Mount("volume", anonymous.name, "/data"),),
            attachments=(Attachment("bridge", "172.17.0.2"), Attachment("back", "172.18.0.2")),
        ),
        volumes=(anonymous,),
        networks=(Network("back", subnets=("172.18.0.0/16",)),),
    )
    assert found == [
        {"network": {"name": "back"}},
        {
            "container": {
                "image": "busybox",
                "status": "running",
                "networks": ["back"],
                "published": ["80"],
            }
        },
    ]


def test_what_an_image_brings_and_programs_write_is_not_the_exercise() -> None:
    details = replace(BUSYBOX.details, env={"PATH": "/bin"}, user="7")  # type: ignore[type-var]
    image = replace(BUSYBOX, details=details, labels={"maker": "us"})
    paths = {"/run", "/run/web.pid", "/var", "/var/log", "/var/log/web", "/etc", "/etc/motd"}
    web = container(
        "web",
        user="7",
        env={"PATH": "/bin", "MODE": "test"},
        labels={"maker": "us", "com.docker.x": "y"},
        changed_paths=frozenset(paths),
    )
    before = replace(EMPTY, images=(image,))
    [made, written] = propose(before, replace(before, containers=(web,)))
    assert made["container"]["env"] == {"MODE": "test"}
    assert not made["container"].keys() & {"user", "labels"}
    assert written == {"writable_layer": {"name": "web", "path": "/etc/motd"}}


def test_what_was_installed_is_told_by_what_can_be_run() -> None:
    paths = {f"/usr/share/doc/{number}" for number in range(50)} | {"/usr/bin/curl"}
    [_made, written] = proposed(container("web", changed_paths=frozenset(paths)))
    assert written == {"writable_layer": {"name": "web", "path": "/usr/bin/curl"}}


def test_nothing_is_proposed_where_nothing_has_changed_or_could_not_be_seen() -> None:
    seen = replace(EMPTY, containers=(container("web"),), volumes=(Volume("notes"),))
    assert propose(seen, seen) == []
    assert propose(seen, replace(seen, ran={})) == [], "what was not asked is not gone"


def test_whatever_a_sandbox_says_is_bounded_and_can_be_written_down() -> None:
    names = ["a", "b: [", "{{x}}", "web\n- y", "\u202e", "--", "", "%", "${a}", "'", "é" * 4096]
    found = proposed(
        *(container(name, labels={name: name}, env={name: name}) for name in names),
        volumes=tuple(Volume(f"v{number}") for number in range(500)),
    )
    assert len(found) == MOST_PROPOSALS
    few = proposed(*(container(name, labels={name: name}) for name in names))
    for written in few:
        assert yaml.safe_load(as_yaml(written)) == written
        parse_check(written)


def test_a_look_is_kept_as_it_was() -> None:
    look = replace(
        EMPTY,
        containers=(container("web", changed_paths=frozenset({"/é"}), ports=(Publication(1, 2),)),),
        networks=(Network("back", subnets=("10.0.0.0/8",), labels={"a": "b"}),),
    )
    assert unpacked(packed(look)) == look
    assert question_beyond(EMPTY, look) == QUESTION
    paths = frozenset(f"/{number:0200}" for number in range(MOST_BYTES // 200))
    with pytest.raises(TooMuchThere):
        packed(replace(look, containers=(container("web", changed_paths=paths),)))
