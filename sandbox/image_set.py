"""The images that sandboxes can pull, and which of them are offline stand-ins."""

import json
import logging
from collections.abc import Collection
from functools import cache
from pathlib import Path

from django.conf import settings

from .snapshot import full_reference

log = logging.getLogger(__name__)

WRITTEN_SET = Path(__file__).parent / "mirror" / "stand_ins.json"


@cache
def image_set() -> frozenset[str]:
    """What every mirror has, whoever made it: `ubuntu:latest` and others."""
    written = json.loads(WRITTEN_SET.read_text())
    return frozenset(f"{image['name']}:{tag}" for image in written for tag in image["tags"])


def stand_ins(images: Collection[str]) -> list[str]:
    """Those of the images that were made from Debian packages, not by their own makers."""
    try:
        listed = json.loads(Path(settings.SANDBOX_IMAGE_LIST).read_text())
    except (OSError, ValueError):
        if settings.SANDBOX_IMAGE_LIST:
            log.exception("the list of images is not readable")
        return []
    made_here = {entry["reference"] for entry in listed if entry["stand_in"]}
    return [image for image in images if full_reference(image) in made_here]
