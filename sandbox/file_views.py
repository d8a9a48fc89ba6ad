"""The file panel's requests: a learner's own ~/work, in JSON, and downloads of it."""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.contrib.auth import aget_user
from django.http import HttpRequest, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from hakoniwa.accounts.models import User
from hakoniwa.rate_limits import Limit

from . import files, work
from .errors import SandboxError, SandboxGone
from .file_errors import FileRefused
from .models import Sandbox
from .services import current_sandbox, make_sure_it_runs

View = Callable[..., Coroutine[Any, Any, HttpResponseBase]]

# Each is a command in the sandbox; whoever uploads a folder needs many.
REQUESTS = Limit("files", 240, 60, "person")
READ_SIZE = 64 * 1024
VERSION = frozenset("0123456789abcdef")
# What a learner's file may do if a browser shows it all the same: nothing.
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def _for_learner(view: View) -> View:
    """Only for somebody signed in; every error is a code and a sentence in their language."""

    @wraps(view)
    async def guarded(request: HttpRequest) -> HttpResponseBase:
        user = await aget_user(request)
        if not isinstance(user, User):
            sentence = _("Your sign-in has ended. Sign in again; your progress is kept.")
            return JsonResponse({"code": "signed-out", "message": sentence}, status=401)
        await REQUESTS.aspend(user.pk)
        try:
            return await view(request, user)
        except SandboxError as error:
            answer = {"code": error.code, "message": str(error.sentence)}
            return JsonResponse(answer, status=error.status)

    return guarded


@require_safe
@_for_learner
async def list_folder(request: HttpRequest, learner: User) -> JsonResponse:
    sandbox = await _sandbox(learner)
    listed = await files.listing(sandbox, request.GET.get("path", ""))
    entries = [entry._asdict() for entry in listed.entries]
    return JsonResponse({"entries": entries, "more": listed.more})


@require_safe
@_for_learner
async def read_text(request: HttpRequest, learner: User) -> JsonResponse:
    text, version = await files.read_text(await _sandbox(learner), _path(request))
    return JsonResponse({"text": text, "version": version})


@require_GET
@_for_learner
async def download(request: HttpRequest, learner: User) -> HttpResponseBase:
    opened = await files.download(await _sandbox(learner), _path(request))
    response = _attachment(opened.pieces(), _path(request).rsplit("/", 1)[-1])
    response.headers["Content-Length"] = str(opened.size)
    return response


@require_GET
@_for_learner
async def export(request: HttpRequest, learner: User) -> HttpResponseBase:
    """All of ~/work: from the sandbox, else as it was saved."""
    return _attachment(await work.export(learner), "work.tar.gz")


@require_safe
@_for_learner
async def saved(request: HttpRequest, learner: User) -> JsonResponse:
    """What is kept of ~/work when the sandbox ends."""
    return JsonResponse(await work.told(learner))


@require_POST
@_for_learner
async def upload(request: HttpRequest, learner: User) -> JsonResponse:
    """The body is the file."""
    expected = request.GET.get("expected", "new")
    if expected not in ("new", "any") and not (len(expected) == 64 and set(expected) <= VERSION):
        raise FileRefused("changed")
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    sandbox, path = await _sandbox(learner), _path(request)
    version = await files.write(sandbox, path, _body(request), size, expected)
    return JsonResponse({"version": version})


@require_POST
@_for_learner
async def make_folder(request: HttpRequest, learner: User) -> JsonResponse:
    await files.make_folder(await _sandbox(learner), _path(request))
    return JsonResponse({})


@require_POST
@_for_learner
async def move(request: HttpRequest, learner: User) -> JsonResponse:
    await files.move(await _sandbox(learner), _path(request), request.GET.get("to", ""))
    return JsonResponse({})


@require_POST
@_for_learner
async def remove(request: HttpRequest, learner: User) -> JsonResponse:
    await files.remove(await _sandbox(learner), _path(request))
    return JsonResponse({})


async def _sandbox(learner: User) -> Sandbox:
    """The learner's own, alive. Raises SandboxGone."""
    sandbox = await current_sandbox(learner)
    if sandbox is None:
        raise SandboxGone(f"{learner.pk} has none")
    await make_sure_it_runs(sandbox)
    return sandbox


def _path(request: HttpRequest) -> str:
    """Always in the address: a body is a file. `files` says whether it may be one."""
    return request.GET.get("path", "")


def _body(request: HttpRequest) -> Iterator[bytes]:
    while piece := request.read(READ_SIZE):
        yield piece


def _attachment(content: AsyncIterator[bytes], name: str) -> StreamingHttpResponse:
    """Never shown, always kept, whatever is in it (RFC 6266; RFC 8187 for the name)."""
    response = StreamingHttpResponse(content, "application/octet-stream", headers=HEADERS)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response
