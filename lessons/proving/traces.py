"""What an attempt makes, removed again before the next one; what it changes stays changed."""

from sandbox.author_script import run
from sandbox.models import Sandbox

SECONDS = 60.0
KEPT = "~/.local/state/hakoniwa/before"
# A container that was there before may have been connected to a network that was not. One that is
# stopped is found by the network's name only.
REMOVE_NETWORKS = """bash -c 'for network; do
name=$(docker network inspect --format "{{.Name}}" "$network")
docker container ls --all --quiet --filter network="$name" |
xargs --no-run-if-empty --max-args 1 docker network disconnect --force "$name"
done; docker network rm "$@"' bash"""
# Containers hold all the others, so they come first.
LISTS = {
    "docker container ls --all --quiet --no-trunc": "docker container rm --force --volumes",
    "docker network ls --quiet --no-trunc": REMOVE_NETWORKS,
    "docker volume ls --quiet": "docker volume rm",
    "docker image ls --format '{{.Repository}}:{{.Tag}}'": "docker image rm",
}


async def note_what_is_there(sandbox: Sandbox) -> None:
    """Raises SandboxError."""
    await run(sandbox, f"{{ {'; '.join(LISTS)}; }} > {KEPT}", SECONDS)


async def remove_what_is_new(sandbox: Sandbox) -> None:
    """All that was not there when it was noted. Raises SandboxError."""
    lines = [
        f"{list_all} | grep -vxFf {KEPT} | xargs --no-run-if-empty {remove}"
        for list_all, remove in LISTS.items()
    ]
    await run(sandbox, "\n".join(lines), SECONDS)
