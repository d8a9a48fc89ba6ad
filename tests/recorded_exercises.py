"""Exercises as an author would do them once, and the checks that are to be proposed for each.

They are done one after the other in one sandbox, so each has names of its own. What is `given`
is there before the recording.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Exercise:
    do: str
    proposed: list[dict[str, Any]]
    given: str = ""


def container(**fields: Any) -> dict[str, Any]:
    return {"container": fields}


def absent(kind: str, **fields: Any) -> dict[str, Any]:
    return {"not": {kind: fields}}


def running(name: str) -> str:
    return f"docker run -d --name {name} busybox sleep 600"


SERVICE = "{image: busybox, command: sleep 600, stop_grace_period: 0s, volumes: ['data:/data']}"


def compose(project: str, *services: str, up: str = "up -d") -> str:
    """A project of these services; they write into a volume."""
    file = "".join(f"  {service}: {SERVICE}\n" for service in services)
    return (
        f"mkdir -p {project} && cat > {project}/compose.yaml <<'END'\n"
        f"services:\n{file}volumes: {{data: }}\nEND\n"
        f"docker compose --project-directory {project} {up}"
    )


SHOP = "FROM busybox\\nENV TIER=front\\nEXPOSE 80\\nRUN echo hi > /hi\\nUSER 1000\\n"

EXERCISES: dict[str, Exercise] = {
    "pull": Exercise("docker pull -q hello-world", [{"image": {"reference": "hello-world"}}]),
    "run": Exercise(
        "docker run busybox echo hello",
        [container(image="busybox", status="exited", command=["echo", "hello"])],
    ),
    "run by name": Exercise(
        "docker run --name greeter busybox sh -c 'exit 3'",
        [container(name="greeter", image="busybox", status="exited", exit_code=3)],
    ),
    "run in the background with ports": Exercise(
        "docker run -d -p 8081:80 -p 90 -p 5353/udp busybox sleep 600",
        [container(image="busybox", status="running", published=["8081:80", "90", "5353/udp"])],
    ),
    "run with a terminal": Exercise(
        "docker run -dit --name asking busybox",
        [container(name="asking", image="busybox", status="running", interactive=True, tty=True)],
    ),
    "a file by exec": Exercise(
        "docker exec memo sh -c 'echo milk > /memo.txt'",
        [{"writable_layer": {"name": "memo", "path": "/memo.txt"}}],
        given=running("memo"),
    ),
    "create a network": Exercise(
        "docker network create --internal --subnet 10.7.0.0/24 --label tier=back back",
        [
            {
                "network": {
                    "name": "back",
                    "internal": True,
                    "subnet": "10.7.0.0/24",
                    "labels": {"tier": "back"},
                }
            }
        ],
    ),
    "connect to a network": Exercise(
        "docker network connect inner db",
        [container(name="db", networks=["inner"])],
        given=f"{running('db')}; docker network create inner",
    ),
    "disconnect from a network": Exercise(
        "docker network disconnect bridge db",
        [absent("network", name="bridge", containers=["db"])],
    ),
    "remove a network": Exercise(
        "docker network rm old-net",
        [absent("network", name="old-net")],
        given="docker network create old-net",
    ),
    "create a volume": Exercise(
        "docker volume create --label keep=yes photos",
        [{"volume": {"name": "photos", "labels": {"keep": "yes"}}}],
    ),
    "run with a volume": Exercise(
        "docker run --name writer -v notes:/notes busybox touch /notes/a",
        [
            {"volume": {"name": "notes"}},
            container(
                name="writer",
                image="busybox",
                status="exited",
                mounts=[{"type": "volume", "source": "notes", "target": "/notes"}],
            ),
        ],
    ),
    "remove a volume": Exercise(
        "docker volume rm old-volume",
        [absent("volume", name="old-volume")],
        given="docker volume create old-volume",
    ),
    "bind mount, tmpfs and an anonymous volume": Exercise(
        "docker run --name pages -v ~/work/site:/srv:ro --tmpfs /scratch -v /data busybox true",
        [
            container(
                name="pages",
                image="busybox",
                status="exited",
                mounts=[
                    {"type": "tmpfs", "target": "/scratch"},
                    {
                        "type": "bind",
                        "source": "/home/student/work/site",
                        "target": "/srv",
                        "read_only": True,
                    },
                ],
            )
        ],
    ),
    "build": Exercise(
        f"mkdir -p shop; printf '{SHOP}' > shop/Dockerfile; docker build -q -t shop shop",
        [
            {
                "image": {
                    "reference": "shop",
                    "built": True,
                    "based_on": "busybox",
                    "user": "1000",
                    "exposed": ["80"],
                    "env": {"TIER": "front"},
                }
            }
        ],
    ),
    "build again": Exercise(
        "printf 'FROM busybox\\nRUN echo new > /news\\n' > paper/Dockerfile;"
        " docker build -q -t paper paper",
        [{"image": {"reference": "paper", "history": "echo new > /news"}}],
        given="mkdir -p paper; printf 'FROM busybox\\nRUN echo old > /news\\n' > paper/Dockerfile;"
        " docker build -q -t paper paper",
    ),
    "commit": Exercise(
        "docker commit sketch drawing:v1",
        [{"image": {"reference": "drawing:v1", "committed": True}}],
        given="docker run --name sketch busybox touch /sketch",
    ),
    "tag": Exercise(
        "docker tag busybox mine:1",
        [{"image": {"reference": "mine:1", "same_as": "busybox"}}],
    ),
    "push to the own registry": Exercise(
        "docker tag busybox localhost:5000/team/tool:1.0;"
        " docker push -q localhost:5000/team/tool:1.0",
        [
            {"image": {"reference": "localhost:5000/team/tool:1.0", "same_as": "busybox"}},
            {
                "registry": {
                    "registry": "localhost:5000",
                    "repository": "team/tool",
                    "tag": "1.0",
                }
            },
        ],
        given="docker run -d -p 5000:5000 registry;"
        " curl -s --retry 9 --retry-connrefused --retry-delay 1 localhost:5000/v2/",
    ),
    "compose up": Exercise(
        compose("blog", "web", "job", up="up -d --scale web=2"),
        [{"compose": {"project": "blog", "services": {"job": None, "web": 2}}}],
    ),
    "compose scale": Exercise(
        "docker compose --project-directory news up -d --scale web=2",
        [{"compose": {"project": "news", "services": {"web": 2}}}],
        given=compose("news", "web"),
    ),
    "compose stop": Exercise(
        "docker compose --project-directory forum stop job",
        [container(project="forum", service="job", status="exited")],
        given=compose("forum", "job"),
    ),
    "compose down": Exercise(
        "docker compose --project-directory wiki down",
        [absent("compose", project="wiki", services={"web": None}, running=False)],
        given=compose("wiki", "web"),
    ),
    "stop": Exercise(
        "docker stop -t 0 early", [container(name="early", status="exited")], given=running("early")
    ),
    "start again": Exercise(
        "docker start late",
        [container(name="late", status="running", restarted=True)],
        given=f"{running('late')}; docker kill late",
    ),
    "pause": Exercise(
        "docker pause memo",
        [container(name="memo", status="paused")],
    ),
    "rename": Exercise(
        "docker rename draft final",
        [container(name="final", image="busybox"), absent("container", name="draft")],
        given="docker create --name draft busybox",
    ),
    "remove a container": Exercise(
        "docker rm rubbish",
        [absent("container", name="rubbish")],
        given="docker create --name rubbish busybox",
    ),
    "remove an image": Exercise(
        "docker rmi spare:1",
        [absent("image", reference="spare:1")],
        given="docker tag busybox spare:1",
    ),
    "limits and restart policy": Exercise(
        "docker create --name hungry --memory 64m --cpus 0.5 --read-only"
        " --restart on-failure busybox",
        [
            container(
                name="hungry",
                image="busybox",
                status="created",
                memory="64m",
                cpus=0.5,
                read_only=True,
                restart="on-failure",
            )
        ],
    ),
    "update": Exercise(
        "docker update --memory 96m --memory-swap -1 --restart always db",
        [container(name="db", memory="96m", restart="always")],
    ),
    "environment, labels and user": Exercise(
        "docker create --name dressed -e COLOUR=blue --label tier=front -u 7:7 busybox",
        [
            container(
                name="dressed",
                image="busybox",
                status="created",
                user="7:7",
                env={"COLOUR": "blue"},
                labels={"tier": "front"},
            )
        ],
    ),
    "health check": Exercise(
        "docker run -d --name well --health-cmd true --health-interval 1s busybox sleep 600;"
        " until docker inspect -f '{{.State.Health.Status}}' well | grep -x healthy; do :; done",
        [container(name="well", image="busybox", status="running", health="healthy")],
    ),
    "somebody else's namespaces": Exercise(
        "docker run -d --name side --network container:db --pid container:db busybox sleep 600",
        [
            container(
                name="side",
                image="busybox",
                status="running",
                network_mode="container:db",
                pid="container:db",
            )
        ],
    ),
    "no network": Exercise(
        "docker create --name alone --network none busybox",
        [container(name="alone", image="busybox", status="created", network_mode="none")],
    ),
    "context": Exercise(
        "docker context create second --docker host=tcp://127.0.0.1:2375",
        [{"context": {"name": "second", "endpoint": "tcp://127.0.0.1:2375"}}],
    ),
    "sign in": Exercise(
        "docker login -u me -p secret localhost:5000", [{"login": {"registry": "localhost:5000"}}]
    ),
}
