"""Getting a sandbox, and asking what became of it; JSON for the terminal's own script."""

import uuid
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from functools import wraps
from typing import Any

from django.contrib.auth import aget_user
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hakoniwa.accounts.models import User
from hakoniwa.rate_limits import Limit

from . import memory, preload, services
from . import shells as shells_of
from .errors import SandboxError
from .models import Sandbox
from .shells import Shell
from .standing import standing_after_extending

# Each page that opens claims; each start afresh costs the engine a removal and a start.
CLAIMS = Limit("claim", 30, 60, "person")
FRESH_STARTS = Limit("fresh-start", 10, 600, "person")
EXTENSIONS = Limit("extend", 30, 60, "person")

View = Callable[..., Coroutine[Any, Any, JsonResponse]]


def _for_learner(view: View) -> View:
    """Only for somebody signed in; every error is a code and a sentence in their language."""

    @wraps(view)
    async def guarded(request: HttpRequest, **arguments: object) -> JsonResponse:
        user = await aget_user(request)
        if not isinstance(user, User):
            sentence = _("Your sign-in has ended. Sign in again; your progress is kept.")
            return _error("signed-out", sentence, 401)
        try:
            return await view(request, user, **arguments)
        except SandboxError as error:
            return _error(error.code, str(error.sentence), error.status)

    return guarded


@require_POST
@_for_learner
async def claim(request: HttpRequest, learner: User) -> JsonResponse:
    await CLAIMS.aspend(learner.pk)
    return _described(await services.claim(learner, *_needed(request)))


@require_POST
@_for_learner
async def start_afresh(request: HttpRequest, learner: User) -> JsonResponse:
    await FRESH_STARTS.aspend(learner.pk)
    return _described(await services.start_afresh(learner, *_needed(request)))


@require_POST
@_for_learner
async def extend(_request: HttpRequest, learner: User) -> JsonResponse:
    await EXTENSIONS.aspend(learner.pk)
    standing = await standing_after_extending(learner)
    return JsonResponse({"state": standing.state, **standing.told})


@require_safe
@_for_learner
async def status(_request: HttpRequest, learner: User, sandbox_id: uuid.UUID) -> JsonResponse:
    return _described(await services.sandbox_of(learner, str(sandbox_id)))


@require_safe
@_for_learner
async def shells(_request: HttpRequest, learner: User, sandbox_id: uuid.UUID) -> JsonResponse:
    return _listed(await shells_of.shells_in(await services.sandbox_of(learner, str(sandbox_id))))


@require_POST
@_for_learner
async def end_shell(
    _request: HttpRequest, learner: User, sandbox_id: uuid.UUID, name: str
) -> JsonResponse:
    sandbox = await services.sandbox_of(learner, str(sandbox_id))
    await shells_of.end_shell(sandbox, name)
    return _listed(await shells_of.shells_in(sandbox))


def _needed(request: HttpRequest) -> tuple[str, int]:
    return preload.asked(request.GET), memory.asked(request.GET)


def _listed(found: list[Shell]) -> JsonResponse:
    return JsonResponse({"shells": [asdict(shell) for shell in found]})


def _described(sandbox: Sandbox) -> JsonResponse:
    return JsonResponse(
        {
            "id": str(sandbox.pk),
            "status_url": reverse("sandbox-status", args=[sandbox.pk]),
            "shells_url": reverse("shells", args=[sandbox.pk]),
            "terminals_url": f"/ws/{get_language()}/sandboxes/{sandbox.pk}/terminals/",
            "shell_names": shells_of.NAMES,
        }
    )


def _error(code: str, sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code, "message": sentence}, status=status)
