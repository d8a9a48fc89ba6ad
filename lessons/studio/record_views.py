"""The studio's page on which an author records an exercise in their own sandbox."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hakoniwa.accounts.models import User
from hakoniwa.rate_limits import Limit
from lessons.loader import LESSON
from lessons.models import Draft, Recording
from lessons.pages import terminal_addresses
from lessons.recording.adding import NoPlace
from lessons.recording.yaml_text import as_yaml

from . import recorded_tasks, recordings
from .access import for_authors
from .drafts import Conflict, DraftRefused, files_of
from .reading import needed
from .record_forms import AddForm

# Each is some looks into a sandbox.
RECORDINGS = Limit("recording", 60, 600, "person")


@for_authors
@require_safe
def record(request: HttpRequest, author: User, draft_slug: str) -> HttpResponse:
    return _page(request, author, get_object_or_404(Draft, slug=draft_slug))


@for_authors
@require_POST
def begin(request: HttpRequest, author: User, draft_slug: str) -> HttpResponse:
    return _do(recordings.begin, request, author, draft_slug)


@for_authors
@require_POST
def end(request: HttpRequest, author: User, draft_slug: str) -> HttpResponse:
    return _do(recordings.end, request, author, draft_slug)


@for_authors
@require_POST
def add(request: HttpRequest, author: User, draft_slug: str) -> HttpResponse:
    """What was recorded becomes a task of the draft; where it can't, it is shown to be copied."""
    draft = get_object_or_404(Draft, slug=draft_slug)
    recording = recordings.recording_of(author, draft)
    form = AddForm(request.POST)
    if recording is None or not recording.is_done or not form.is_valid():
        return _page(request, author, draft, str(recordings.NOT_RECORDING), status=409)
    recording.script = form.solve()
    chosen = form.cleaned_data["check"]
    task = recorded_tasks.task_of(draft, recording, chosen)
    again = partial(_page, request, author, draft, recording=recording, chosen=chosen)
    if "check" not in task:
        return again(_("A task needs at least one check."), status=400)
    try:
        recorded_tasks.add(draft, form.cleaned_data["step"], task, author)
    except (NoPlace, Conflict, DraftRefused):
        words = _("The task could not be put into lesson.yml. Copy it from below to its place.")
        return again(words, status=409)
    recording.delete()
    return redirect(f"{reverse('draft', args=[draft_slug])}?file={LESSON}")


def _do(
    what: Callable[[User, Draft], Coroutine[Any, Any, None]],
    request: HttpRequest,
    author: User,
    draft_slug: str,
) -> HttpResponse:
    draft = get_object_or_404(Draft, slug=draft_slug)
    RECORDINGS.spend(author.pk)
    try:
        async_to_sync(what)(author, draft)
    except recordings.RecordingRefused as refused:
        return _page(request, author, draft, str(refused.sentence), status=409)
    return redirect("record", draft_slug)


def _page(
    request: HttpRequest,
    author: User,
    draft: Draft,
    problem: str = "",
    *,
    recording: Recording | None = None,
    chosen: list[int] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`recording` and `chosen`: what was sent and is shown again."""
    found = recording or recordings.recording_of(author, draft)
    steps = recorded_tasks.steps_of(draft)
    proposals = _proposals(found, chosen) if found else []
    to_copy = proposals and (chosen is not None or not steps)
    context = {
        "draft": draft,
        "problem": problem,
        "recording": found,
        "steps": steps,
        "proposals": proposals,
        "to_copy": _as_task(draft, found, proposals) if found and to_copy else "",
        "signed_in": True,
        **terminal_addresses(*needed(files_of(draft), draft.slug)),
    }
    return render(request, "studio/record.html", context, status=status)


def _proposals(recording: Recording, chosen: list[int] | None) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "yaml": as_yaml(check).rstrip(),
            "chosen": chosen is None or number in chosen,
        }
        for number, check in enumerate(recording.proposals)
    ]


def _as_task(draft: Draft, recording: Recording, proposals: list[dict[str, Any]]) -> str:
    chosen = [proposal["number"] for proposal in proposals if proposal["chosen"]]
    return as_yaml([recorded_tasks.task_of(draft, recording, chosen)])
