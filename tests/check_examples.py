"""For the example on each kind's page: engines that are so and not so, and how to get there.

`failing` is the engine that the page's two sentences speak of; `do` makes an empty one pass.
"""

from dataclasses import dataclass

from lessons.checks import Check
from sandbox.snapshot import (
    Attachment,
    Container,
    Details,
    Image,
    Limits,
    Mount,
    Network,
    Publication,
    Ran,
    Snapshot,
    Status,
    Volume,
)


@dataclass(frozen=True)
class Example:
    passing: Snapshot
    failing: Snapshot
    do: str


def container(name: str, image: str = "busybox:latest", **fields: object) -> Container:
    return Container(name * 12, name, image, Status.RUNNING, **fields)  # type: ignore[arg-type]


def image(name: str, *layers: str, user: str = "") -> Image:
    return Image(f"sha256:{name}", (f"{name}:latest",), details=Details(layers, user=user))


def engine(*containers: Container, **fields: object) -> Snapshot:
    return Snapshot(containers=containers, **fields)  # type: ignore[arg-type]


def member(name: str, service: str) -> Container:
    labels = {"com.docker.compose.project": "shop", "com.docker.compose.service": service}
    return container(name, labels=labels)


def answered(check: Check, output: str, exit_code: int = 0) -> Snapshot:
    return Snapshot(ran=dict.fromkeys(check.question().commands, Ran(exit_code, output)))


PORT = (Publication(8080, 80),)
NOTES = (Mount("volume", "notes", "/notes"),)
MEMO = "/notes/memo.txt"
BACK = (Attachment("back"),)
COMPOSE_FILE = """services:
  web: {image: busybox, command: sleep 600}
  db: {image: busybox, command: sleep 600}
"""

EXAMPLES: dict[str, Example] = {
    "container": Example(
        engine(container("web", "nginx:latest", ports=PORT, limits=Limits(64 * 1024**2))),
        engine(container("web", "nginx:latest", ports=PORT)),
        "docker run -d --name web -p 8080:80 --memory 64m nginx",
    ),
    "image": Example(
        Snapshot((image("shop", "a", "b", user="1000"), image("busybox", "a"))),
        Snapshot((image("shop", "a", "b"), image("busybox", "a"))),
        "docker pull -q busybox; mkdir -p site;"
        " printf 'FROM busybox\nRUN echo hi > /hi\nUSER 1000\n' > site/Dockerfile;"
        " docker build -q -t shop site",
    ),
    "volume": Example(
        engine(container("writer", mounts=NOTES), volumes=(Volume("notes"),)),
        engine(volumes=(Volume("notes"),)),
        "docker run --name reader -v notes:/notes busybox true",
    ),
    "network": Example(
        engine(container("db", attachments=BACK), networks=(Network("back", internal=True),)),
        engine(container("db", attachments=BACK), networks=(Network("back"),)),
        "docker network create --internal back;"
        " docker run -d --name db --network back busybox sleep 600",
    ),
    "file": Example(
        engine(
            container("writer", mounts=NOTES, files=frozenset({MEMO}), contents={MEMO: "milk\n"})
        ),
        engine(
            container("writer", mounts=NOTES, files=frozenset({MEMO}), contents={MEMO: "tea\n"})
        ),
        "docker run --name writer -v notes:/notes busybox sh -c 'echo milk > /notes/memo.txt'",
    ),
    "writable_layer": Example(
        engine(container("memo", changed_paths=frozenset({"/memo.txt"}))),
        engine(container("memo")),
        "docker run --name memo busybox touch /memo.txt",
    ),
    "log": Example(
        engine(container("greeter", log="Hello\n")),
        engine(container("greeter", log="Good morning\n")),
        "docker run --name greeter busybox echo Hello",
    ),
    "compose": Example(
        engine(member("web-1", "web"), member("web-2", "web"), member("db-1", "db")),
        engine(member("web-1", "web"), member("db-1", "db")),
        f"mkdir -p shop && cd shop && echo '{COMPOSE_FILE}' > compose.yaml"
        " && docker compose up -d --scale web=2",
    ),
}

# What a command writes that the page's example asks for: so, not so, and how to get there.
ANSWERS: dict[str, tuple[tuple[str, int], tuple[str, int], str]] = {
    "work_file": (
        ("FROM busybox\nUSER  1000\n", 0),
        ("FROM busybox\n", 0),
        "true",  # `image` has written it
    ),
    "http": (
        ("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n<h1>Welcome to nginx!</h1>", 0),
        ("", 7),
        "curl -sf --retry 5 --retry-connrefused localhost:8080 | grep -q nginx",
    ),
    "registry": (
        ('{"name": "shop", "tags": ["1.0", "latest"]}', 0),
        ('{"errors": [{"code": "NAME_UNKNOWN"}]}', 0),
        "docker run -d -p 5000:5000 registry; docker tag shop localhost:5000/shop:1.0;"
        " curl -s --retry 5 --retry-connrefused localhost:5000/v2/;"
        " docker push -q localhost:5000/shop:1.0",
    ),
    "login": (
        ('{"auths": {"localhost:5000": {"kept": true}}, "credsStore": null}', 0),
        ("", 2),
        "docker login -u me -p secret localhost:5000",
    ),
    "context": (
        ('{"Name": "second", "DockerEndpoint": "tcp://127.0.0.1:2375", "Current": false}\n', 0),
        ('{"Name": "second", "DockerEndpoint": "tcp://127.0.0.1:2376", "Current": false}\n', 0),
        "docker context create second --docker host=tcp://127.0.0.1:2375",
    ),
    "script": (("", 0), ("", 1), "docker run -d busybox sleep 600"),
}


def example_of(kind: str, check: Check) -> Example:
    if kind in EXAMPLES:
        return EXAMPLES[kind]
    passing, failing, do = ANSWERS[kind]
    return Example(answered(check, *passing), answered(check, *failing), do)
