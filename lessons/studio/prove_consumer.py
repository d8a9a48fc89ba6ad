"""The proof of a draft: told line by line for as long as its author listens, and no longer."""

import asyncio
import json
import logging
from contextlib import aclosing
from typing import Any

from channels.exceptions import DenyConnection
from django.utils import translation
from django.utils.translation import gettext as _

from hakoniwa.accounts.models import User
from hakoniwa.accounts.sessions import SessionConsumer
from hakoniwa.rate_limits import TooOften
from lessons.faults import LessonError
from lessons.models import Draft
from sandbox.protocol import Close

from .proofs import AlreadyProving, proof_of
from .reading import alesson_of

log = logging.getLogger(__name__)


class ProofConsumer(SessionConsumer):
    proof: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        asked = self.scope["url_route"]["kwargs"]
        author = self.scope["user"]
        draft = await Draft.objects.filter(slug=asked["draft_slug"]).afirst()
        if not (isinstance(author, User) and author.is_instructor) or draft is None:
            raise DenyConnection
        await self.follow_session()
        await self.accept()
        self.proof = asyncio.create_task(self._prove(draft, author, asked["language"]))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """The page has nothing to say on this channel; it goes, and the proof ends."""

    async def signed_out(self) -> None:
        await self.close(int(Close.SIGNED_OUT))

    async def disconnect(self, code: int) -> None:
        await self.leave_session()
        if self.proof is not None:
            self.proof.cancel()

    async def _prove(self, draft: Draft, author: User, language: str) -> None:
        with translation.override(language):
            try:
                lesson = await alesson_of(draft)
                async with aclosing(proof_of(lesson, author)) as told:
                    async for message in told:
                        await self._tell(message)
            except LessonError as error:
                await self._refuse(str(error.faults[0]))
            except AlreadyProving:
                await self._refuse(
                    _("You are proving a lesson in another tab. Wait for its end, or stop it.")
                )
            except TooOften as error:
                words = _("You have proven lessons very often. You can go on in %(wait)s.")
                await self._refuse(words % {"wait": error.wait})
            except Exception:
                log.exception("a proof broke")
                await self._refuse(_("Something on this site broke. Try again."))
        await self.close()

    async def _refuse(self, words: str) -> None:
        await self._tell({"type": "refused", "words": words})

    async def _tell(self, message: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(message))
