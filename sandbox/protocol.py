"""The terminal's wire: binary frames are the terminal's bytes, text frames are these messages.

Described for people in docs/terminal-protocol.md.
"""

from enum import IntEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

# A frame of input; the page splits a large paste.
MOST_INPUT_BYTES = 64 * 1024
MOST_CONTROL_CHARACTERS = 1024
# Sent and not yet drawn by the browser; then the server stops reading from the shell.
WINDOW_BYTES = 512 * 1024
# After so many bytes comes a mark, which the browser sends back when it has drawn them.
MARK_EVERY_BYTES = 32 * 1024
# Typed and not yet taken by the shell: the page stops well before it, at 128 KiB.
MOST_WAITING_BYTES = 512 * 1024


class Close(IntEnum):
    """Why the server closes a terminal; the page turns each into a sentence."""

    SHELL_ENDED = 4000
    SIGNED_OUT = 4001
    NOT_YOURS = 4003
    SANDBOX_GONE = 4004
    BAD_MESSAGE = 4008
    ENGINE_LOST = 4011
    TOO_LARGE = 4009
    TOO_MANY = 4012


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Resize(_Message):
    """The page's terminal has this many character cells now."""

    type: Literal["resize"]
    cols: int = Field(ge=2, le=500)
    rows: int = Field(ge=2, le=300)


class Ping(_Message):
    """Are you there? Answered by `pong` with the same id."""

    type: Literal["ping"]
    id: int = Field(ge=0, lt=2**53)


class Ack(_Message):
    """The browser has drawn all that came before this mark."""

    type: Literal["ack"]
    mark: int = Field(ge=0, lt=2**53)


ClientMessage = Annotated[Resize | Ping | Ack, Field(discriminator="type")]
_client_message: TypeAdapter[Resize | Ping | Ack] = TypeAdapter(ClientMessage)


class BadMessage(ValueError):
    """A text frame that is none of the messages above."""


def parse_message(text: str) -> Resize | Ping | Ack:
    """The message in a text frame. Raises BadMessage."""
    if len(text) > MOST_CONTROL_CHARACTERS:
        raise BadMessage("a control message is at most 1024 characters")
    try:
        return _client_message.validate_json(text)
    except ValidationError as error:
        raise BadMessage(error.errors()[0]["msg"]) from None
