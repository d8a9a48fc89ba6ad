"""The commands that look at what lessons ask about, and what their output says."""

import json
from dataclasses import dataclass
from typing import Any

from .snapshot import Command, Ran

# Of an answer that the learner's programs have written.
MOST_ITEMS = 200
# By which a learner tells these requests from their own in an access log.
_NAMED = ("--user-agent", "Hakoniwa")
_CURL = ("curl", "--silent", *_NAMED, "--noproxy", "*", "--max-time", "2", "--http1.1")


@dataclass(frozen=True)
class Page:
    """An answer over HTTP."""

    status: int
    text: str


@dataclass(frozen=True)
class Context:
    """Where the docker command goes."""

    name: str
    endpoint: str
    current: bool


@dataclass(frozen=True)
class Login:
    """A registry that the docker command has credentials for, and whether a helper keeps them."""

    registry: str
    helper: bool


def page_command(port: int, path: str) -> Command:
    return Command((*_CURL, "--include", f"http://127.0.0.1:{port}{path}"))


def page_in(ran: Ran) -> Page | None:
    """None where nothing answered HTTP. A CGI script may end its lines with LF alone (RFC 9112)."""
    head, _blank, body = ran.output.replace("\r\n", "\n").partition("\n\n")
    version, _space, rest = head.partition(" ")
    if not version.startswith("HTTP/") or not rest[:3].isdecimal():
        return None
    return Page(int(rest[:3]), body)


def tags_command(registry: str, repository: str) -> Command:
    """`registry` is one in the sandbox, such as localhost:5000."""
    return Command((*_CURL, f"http://{registry}/v2/{repository}/tags/list"))


def tags_in(ran: Ran) -> frozenset[str] | None:
    """None where no registry answered; empty where it has no such repository."""
    answer = _json(ran.output)
    if not isinstance(answer, dict) or not answer.keys() & {"tags", "errors"}:
        return None
    return frozenset(_texts(answer.get("tags")))


def file_command(path: str) -> Command:
    """A file in ~/work."""
    return Command(("bash", "-c", 'test -f "$1" && head --bytes=65536 -- "$1"', "bash", path))


def script_command(script: str, seconds: int) -> Command:
    """Its output is not looked at."""
    return Command(("bash", "-c", f"exec > /dev/null 2>&1\n{script}"), seconds)


def contexts_command() -> Command:
    return Command(("docker", "context", "ls", "--format", "{{json .}}"))


def contexts_in(ran: Ran) -> tuple[Context, ...]:
    entries = [_json(line) for line in ran.output.splitlines()[:MOST_ITEMS]]
    return tuple(
        Context(entry["Name"], _text(entry.get("DockerEndpoint")), entry.get("Current") is True)
        for entry in entries
        if isinstance(entry, dict) and _text(entry.get("Name"))
    )


def logins_command() -> Command:
    """Names alone: what is kept there as a secret stays in the sandbox."""
    names = "{auths: (.auths // {} | map_values({kept: (.auth != null)})), credsStore, credHelpers}"
    return Command(("bash", "-c", f"jq --compact-output '{names}' ~/.docker/config.json"))


def logins_in(ran: Ran) -> tuple[Login, ...]:
    answer = _json(ran.output)
    if not isinstance(answer, dict) or not isinstance(answer.get("auths"), dict):
        return ()
    helpers = answer.get("credHelpers")
    helped = helpers if isinstance(helpers, dict) else {}
    return tuple(
        Login(
            name,
            bool(answer.get("credsStore") or helped.get(name))
            and not (isinstance(entry, dict) and entry.get("kept")),
        )
        for name, entry in [*answer["auths"].items()][:MOST_ITEMS]
    )


def _text(answer: Any) -> str:
    return answer if isinstance(answer, str) else ""


def _texts(answer: Any) -> list[str]:
    items = answer if isinstance(answer, list) else []
    return [item for item in items[:MOST_ITEMS] if isinstance(item, str)]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
