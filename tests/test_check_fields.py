"""Fields that say more of a container, image, network or volume than that it is there."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from lessons.checks import parse_check
from sandbox.snapshot import (
    Attachment,
    Container,
    Details,
    Image,
    Limits,
    Mount,
    Network,
    Publication,
    Question,
    Snapshot,
    Status,
    Volume,
)

BASE = Image(
    "sha256:1", ("ubuntu:latest",), ("ubuntu@sha256:9",), 80_000_000, details=Details(("a",))
)
BUILT = Image(
    "sha256:2",
    ("shop:latest", "localhost:5000/shop:1"),
    ("localhost:5000/shop@sha256:8",),
    90 * 1024**2,
    labels={"owner": "me"},
    details=Details(
        layers=("a", "b"),
        command=("nginx",),
        entrypoint=("/start",),
        user="1000:1000",
        env={"MODE": "live"},
        exposed=frozenset({"80/tcp"}),
        healthcheck=True,
        history=("RUN apt-get install nginx",),
    ),
)
COMMITTED = Image(
    "sha256:3", ("snap:latest",), details=Details(("a", "b", "c"), made_from_container="c0ffee")
)
WEB = Container(
    id="c0ffee000000",
    name="web",
    image="shop:latest",
    image_id="sha256:2",
    status=Status.RUNNING,
    user="1000",
    env={"COLOUR": "blue"},
    labels={"com.docker.compose.project": "shop", "com.docker.compose.service": "front"},
    attachments=(Attachment("back", "10.0.0.2"), Attachment("front", "10.0.1.2")),
    ports=(Publication(8080, 80), Publication(5353, 53, "udp")),
    mounts=(Mount("bind", "/home/student/work", "/src", True), Mount("tmpfs", "", "/tmp")),  # noqa: S108
    restart="on-failure",
    restart_count=3,
    limits=Limits(64 * 1024**2, 0.5),
    health="healthy",
    oom_killed=True,
    pid="container:db",
    ipc="host",
    network_mode="back",
    read_only=True,
)
SHOP = Snapshot(
    images=(BUILT, BASE, COMMITTED),
    containers=(WEB,),
    volumes=(Volume("notes", labels={"owner": "me"}),),
    networks=(Network("back", internal=True, subnets=("10.0.0.0/24",)), Network("bridge")),
)

HOLDS: list[tuple[str, dict[str, Any]]] = [
    ("container", {"project": "shop", "service": "front"}),
    ("container", {"user": "1000", "as_root": False}),
    ("container", {"env": {"COLOUR": "blue"}}),
    ("container", {"env": {"COLOUR": None}}),
    ("container", {"labels": {"com.docker.compose.project": "shop"}}),
    ("container", {"networks": ["back", "front"], "network_mode": None}),
    ("container", {"published": ["8080:80", 80, "53/udp", "5353:53/udp"]}),
    ("container", {"mounts": [{"type": "bind", "target": "/src", "read_only": True}]}),
    ("container", {"mounts": [{"source": "/home/student/work"}, {"type": "tmpfs"}]}),
    ("container", {"restart": "on-failure", "restarts": 3}),
    ("container", {"memory": "64m", "most_memory": "0.5g", "cpus": 0.5, "most_cpus": 1}),
    ("container", {"health": "healthy", "oom_killed": True, "read_only": True}),
    ("container", {"pid": "container:db", "ipc": "host"}),
    ("container", {"up_to_date": True}),
    ("image", {"reference": "shop", "based_on": "ubuntu", "built": True, "committed": False}),
    ("image", {"reference": "shop", "same_as": "localhost:5000/shop:1"}),
    ("image", {"reference": "snap", "committed": True, "based_on": "shop"}),
    ("image", {"reference": "ubuntu", "built": False, "as_root": True}),
    ("image", {"reference": "shop", "most_size": "90m", "most_layers": 2}),
    ("image", {"reference": "shop", "command": ["nginx"], "entrypoint": ["/start"]}),
    ("image", {"reference": "shop", "user": "1000:1000", "as_root": False, "exposed": [80]}),
    ("image", {"reference": "shop", "env": {"MODE": "live"}, "labels": {"owner": None}}),
    ("image", {"reference": "shop", "healthcheck": True, "history": "apt-get"}),
    ("volume", {"name": "notes", "used": False, "labels": {"owner": "me"}}),
    ("network", {"name": "back", "internal": True, "driver": "bridge"}),
    ("network", {"name": "back", "subnet": "10.0.0.0/24", "containers": ["web"]}),
]
DIFFERS: list[tuple[str, dict[str, Any]]] = [
    ("container", {"service": "back"}),
    ("container", {"user": "0"}),
    ("container", {"as_root": True}),
    ("container", {"env": {"COLOUR": "red"}}),
    ("container", {"env": {"SIZE": None}}),
    ("container", {"labels": {"owner": None}}),
    ("container", {"networks": ["back", "bridge"]}),
    ("container", {"network_mode": "none"}),
    ("container", {"published": ["80:80"]}),
    ("container", {"published": ["8080"]}),
    ("container", {"published": ["8080:80/udp"]}),
    # Each is true of some mount, but not of one and the same.
    ("container", {"mounts": [{"type": "tmpfs", "target": "/src"}]}),
    ("container", {"restart": "always"}),
    ("container", {"restarts": 4}),
    ("container", {"memory": "128m"}),
    ("container", {"most_memory": "63m"}),
    ("container", {"cpus": 1}),
    ("container", {"most_cpus": 0.4}),
    ("container", {"health": "unhealthy"}),
    ("container", {"oom_killed": False}),
    ("container", {"read_only": False}),
    ("container", {"pid": "container:web"}),
    ("container", {"ipc": "container:db"}),
    ("container", {"up_to_date": False}),
    ("image", {"reference": "shop", "based_on": "snap"}),
    ("image", {"reference": "ubuntu", "based_on": "ubuntu"}),
    ("image", {"reference": "shop", "based_on": "nginx"}),
    ("image", {"reference": "shop", "built": False}),
    ("image", {"reference": "ubuntu", "built": True}),
    ("image", {"reference": "shop", "committed": True}),
    ("image", {"reference": "shop", "same_as": "ubuntu"}),
    ("image", {"reference": "shop", "most_size": "89m"}),
    ("image", {"reference": "shop", "most_layers": 1}),
    ("image", {"reference": "shop", "command": ["nginx", "-g"]}),
    ("image", {"reference": "shop", "as_root": True}),
    ("image", {"reference": "shop", "exposed": ["80/udp"]}),
    ("image", {"reference": "shop", "env": {"MODE": "test"}}),
    ("image", {"reference": "ubuntu", "healthcheck": True}),
    ("image", {"reference": "shop", "history": "secret"}),
    ("volume", {"name": "notes", "used": True}),
    ("volume", {"name": "notes", "labels": {"owner": "you"}}),
    ("network", {"name": "bridge", "internal": True}),
    ("network", {"name": "front"}),
    ("network", {"name": "back", "driver": "overlay"}),
    ("network", {"name": "back", "subnet": "10.0.1.0/24"}),
    ("network", {"name": "back", "containers": ["web", "db"]}),
]


@pytest.mark.parametrize(("kind", "fields"), HOLDS)
def test_what_is_so_passes(kind: str, fields: dict[str, Any]) -> None:
    outcome = parse_check({kind: fields}).evaluate(SHOP)
    assert outcome.passed, outcome.seen


@pytest.mark.parametrize(("kind", "fields"), DIFFERS)
def test_what_differs_does_not_pass_and_both_sentences_name_it(
    kind: str, fields: dict[str, Any]
) -> None:
    for language in ("en", "ja"):
        with translation.override(language):
            outcome = parse_check({kind: fields}).evaluate(SHOP)
        assert not outcome.passed
        assert outcome.seen != outcome.expected
        assert "%(" not in outcome.seen + outcome.expected


@pytest.mark.parametrize(
    ("kind", "fields", "expected", "seen"),
    [
        ("container", {"published": ["80:80"]}, "published port 80:80", "published port 80:80"),
        ("container", {"published": ["81", "82"]}, "ports 81, 82", "ports 81, 82"),
        ("container", {"networks": ["back", "no"]}, "the networks back, no", "the network no"),
        ("container", {"cpus": 1}, "limit of 1 CPU.", "limit of 0.5 CPUs."),
        ("image", {"reference": "shop", "most_layers": 1}, "at most 1 layer.", "2 layers."),
    ],
)
def test_one_is_told_from_several(
    kind: str, fields: dict[str, Any], expected: str, seen: str
) -> None:
    with translation.override("en"):
        outcome = parse_check({kind: fields}).evaluate(SHOP)
    assert expected in outcome.expected
    assert seen in outcome.seen


def test_a_container_of_the_old_image_is_told_from_one_of_the_new() -> None:
    old = replace(WEB, image_id="sha256:0")
    check = parse_check({"container": {"name": "web", "up_to_date": True}})
    assert not check.evaluate(replace(SHOP, containers=(old,))).passed


def test_a_container_without_a_limit_is_not_below_one() -> None:
    unlimited = replace(SHOP, containers=(replace(WEB, limits=Limits()),))
    check = parse_check({"container": {"most_memory": "64m"}})
    with translation.override("en"):
        outcome = check.evaluate(unlimited)
    assert not outcome.passed
    assert "without a memory limit" in outcome.seen


def test_the_look_is_only_as_deep_as_a_check_needs() -> None:
    assert parse_check({"image": {"reference": "a", "most_size": "1m"}}).question() == Question()
    assert parse_check({"image": {"reference": "a", "built": True}}).question() == Question()
    for field in ({"based_on": "b"}, {"user": ""}, {"history": "x"}, {"most_layers": 3}):
        assert parse_check({"image": {"reference": "a"} | field}).question() == Question(
            images=True
        )
    assert parse_check({"network": {"name": "a"}}).question() == Question(networks=True)


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("container", {"memory": "lots"}, "no size"),
        ("container", {"published": ["a:b"]}, "published"),
        ("container", {"pid": "web"}, "pid"),
        ("container", {"mounts": [{"kind": "bind"}]}, "kind"),
        ("container", {"restart": "sometimes"}, "always"),
        ("network", {}, "name"),
    ],
)
def test_a_slip_in_a_field_is_named(kind: str, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_check({kind: fields})
