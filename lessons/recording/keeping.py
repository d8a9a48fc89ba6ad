"""A look that has to be kept until the exercise is done, as bytes and back."""

import zlib
from dataclasses import replace

from pydantic import TypeAdapter

from sandbox.snapshot import Command, Ran, Snapshot

# Forty containers in each of which a package was installed come to some 4 MB.
MOST_BYTES = 16 * 1024 * 1024
_FORM = TypeAdapter(tuple[Snapshot, list[tuple[Command, Ran]]])


class TooMuchThere(Exception):
    """The look is larger than is kept."""


def packed(snapshot: Snapshot) -> bytes:
    """Raises TooMuchThere."""
    written = _FORM.dump_json((replace(snapshot, ran={}), [*snapshot.ran.items()]))
    if len(written) > MOST_BYTES:
        raise TooMuchThere(f"{len(written)} bytes")
    return zlib.compress(written, level=1)


def unpacked(kept: bytes) -> Snapshot:
    """What `packed` has made."""
    snapshot, ran = _FORM.validate_json(zlib.decompress(kept))
    return replace(snapshot, ran=dict(ran))
