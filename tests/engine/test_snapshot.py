"""What a look at a real engine shows of containers, images, networks and volumes."""

import asyncio

import pytest

from sandbox.models import Sandbox as SandboxRow
from sandbox.snapshot import Attachment, Limits, Mount, Publication, Question, Snapshot, Status
from sandbox.watching import look_at

from .conftest import Sandbox

PREPARE = r"""
mkdir -p ~/work/pages && cd ~/work/pages
cat > Dockerfile <<END
FROM busybox
ENV A=b=c
EXPOSE 80
RUN echo x > /x
USER 1000
CMD ["sleep","600"]
END
docker pull -q busybox && docker build -q -t pages .
docker network create --internal --subnet 10.9.0.0/24 back
docker volume create --label owner=me notes
docker run -d --name web --network back -p 8080:80 -v notes:/notes -v ~/work/pages:/src:ro \
  --tmpfs /scratch --memory 64m --cpus 0.5 --restart unless-stopped -e COLOUR=blue \
  --label tier=front --read-only --health-cmd true --health-interval 1s pages
docker network connect bridge web
docker run -d --name side --pid container:web --ipc host --network container:web -u 7 pages
docker create --name early -p 8081:80 pages
docker commit web snap
# The news that memory ran out comes beside the news of the end, and under load not at all.
for i in 1 2 3 4 5; do
  docker rm -f hungry; docker run --name hungry --memory 16m pages tail /dev/zero || true
  for j in 1 2 3 4; do
    docker inspect -f '{{.State.OOMKilled}}' hungry | grep true && break 2; sleep 0.25
  done
done
docker build -q -t pages --build-arg x=y . && docker tag pages pages:two
for i in 1 2 3 4 5 6 7 8; do
  test "$(docker inspect -f '{{.State.Health.Status}}' web)" = healthy && break; sleep 0.5
done
"""
EVERYTHING = Question(images=True, networks=True)


@pytest.fixture(scope="module")
def seen(sandbox: Sandbox) -> Snapshot:
    sandbox.shell(PREPARE, seconds=120)
    snapshot = asyncio.run(look_at(SandboxRow(container=sandbox.container), EVERYTHING))
    sandbox.shell(
        "docker rm -f web side early hungry; docker network rm back; docker volume rm notes;"
        " docker rmi snap pages pages:two busybox; rm -r ~/work/pages"
    )
    return snapshot


def test_a_container_is_seen_with_its_limits_and_connections(seen: Snapshot) -> None:
    web = next(one for one in seen.containers if one.name == "web")
    assert {place.network for place in web.attachments} == {"back", "bridge"}
    assert Attachment("back", "10.9.0.2", web.attachments[0].aliases) in web.attachments
    assert web.ports == (Publication(8080, 80),)
    assert set(web.mounts) == {
        Mount("volume", "notes", "/notes"),
        Mount("bind", "/home/student/work/pages", "/src", read_only=True),
        Mount("tmpfs", "", "/scratch"),
    }
    assert web.limits == Limits(64 * 1024**2, 0.5)
    assert (web.restart, web.user, web.read_only, web.health) == (
        "unless-stopped",
        "1000",
        True,
        "healthy",
    )
    assert (web.env["COLOUR"], web.env["A"], web.labels["tier"]) == ("blue", "b=c", "front")


def test_a_container_that_never_ran_has_published_nothing(seen: Snapshot) -> None:
    early = next(one for one in seen.containers if one.name == "early")
    assert (early.status, early.ports) == (Status.CREATED, ())


def test_what_containers_share_is_named_by_the_other_ones_name(seen: Snapshot) -> None:
    side = next(one for one in seen.containers if one.name == "side")
    assert (side.pid, side.network_mode, side.ipc) == ("container:web", "container:web", "host")
    assert side.user == "7"


def test_a_container_that_used_up_its_memory_is_told_from_others(seen: Snapshot) -> None:
    ended = {one.name: (one.oom_killed, one.exit_code) for one in seen.containers}
    assert ended["hungry"] == (True, 137)
    assert ended["web"] == (False, 0)


def test_an_image_is_seen_with_its_layers_and_its_past(seen: Snapshot) -> None:
    base, built, snap = (seen.image(name) for name in ("busybox", "pages", "snap"))
    assert base
    assert base.details
    assert built
    assert built.details
    assert snap
    assert snap.details
    assert built.details.layers[: len(base.details.layers)] == base.details.layers
    assert (built.details.user, built.details.command) == ("1000", ("sleep", "600"))
    assert built.details.exposed == {"80/tcp"}
    assert any("echo x > /x" in step for step in built.details.history)
    assert base.digests[0].startswith("busybox@sha256:")
    assert built.digests == ()
    assert built.size > base.size > 1024**2
    assert snap.details.made_from_container in {one.id for one in seen.containers}
    assert built.details.made_from_container == ""
    assert set(built.tags) == {"pages:latest", "pages:two"}


def test_networks_and_volumes_are_seen_with_their_configuration(seen: Snapshot) -> None:
    networks = {network.name: network for network in seen.networks}
    assert networks.keys() >= {"bridge", "host", "none", "back"}
    assert networks["back"].internal
    assert networks["back"].subnets == ("10.9.0.0/24",)
    assert {volume.name: dict(volume.labels) for volume in seen.volumes}["notes"] == {"owner": "me"}
