"""Images that a lesson needs and does not teach to pull: in the sandbox before its learner is."""

import logging
import time
from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from .errors import SandboxError
from .image_set import image_set
from .models import Sandbox
from .snapshot import full_reference
from .student_command import exit_code, read_at_most, student_command

log = logging.getLogger(__name__)

# For all that a lesson needs; the pool's next start waits for it.
PULL_SECONDS = 30.0
# `docker pull --quiet` prints a name, or a sentence where it fails.
LONGEST_ANSWER = 4096
# For how long after a claim the next learner of the same lesson is expected.
LATELY = timedelta(minutes=30)


def asking(url: str, images: Collection[str], memory: int = 0) -> str:
    """The address of a claim by somebody whose lesson needs these images, and so many bytes."""
    needed = [*(("image", image) for image in images), *([("memory", memory)] if memory else [])]
    return f"{url}?{urlencode(needed)}" if needed else url


def asked(query: QueryDict) -> str:
    """What such an address asks for, as `Sandbox.images` has it: only what the mirror has."""
    return references(query.getlist("image"))


def references(images: Collection[str]) -> str:
    """These images as `Sandbox.images` has them: only what the mirror has."""
    return " ".join(sorted({full_reference(image) for image in images} & image_set()))


def asked_for_lately() -> list[str]:
    """What the lessons of those who came in the last half hour need, the latest first."""
    claims = Sandbox.objects.filter(claimed_at__gt=timezone.now() - LATELY).exclude(images="")
    newest_first = claims.order_by("-claimed_at").values_list("images", flat=True)
    return list(dict.fromkeys(newest_first))


async def pull(sandbox: Sandbox) -> None:
    """Pull the images that are asked for in this sandbox.

    Where that fails nothing is raised: the learner's own `docker run` pulls them then.
    """
    end = time.monotonic() + PULL_SECONDS
    try:
        for image in sandbox.images.split():
            command = ["docker", "pull", "--quiet", image]
            seconds = end - time.monotonic()
            async with student_command(sandbox, *command, seconds=seconds) as stream:
                await read_at_most(stream, LONGEST_ANSWER)
                if code := await exit_code(stream):
                    raise SandboxError(f"docker pull {image} ended with {code}")
    except SandboxError as error:
        log.warning("sandbox %s has not all of %s: %s", sandbox.pk, sandbox.images, error)
