"""A draft's versions: publishing, going back, and what changed in between."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from hakoniwa.accounts.models import User
from lessons.catalogue import offer_again, withdraw
from lessons.faults import LessonError
from lessons.models import Draft, Lesson, LessonVersion

from .access import for_authors
from .differences import changes
from .drafts import files_of
from .editing import draft_page
from .publishing import publish, roll_back

# In the place of a number: what would be published now.
DRAFT = "draft"


@for_authors
@require_POST
def publish_draft(request: HttpRequest, author: User, draft_slug: str) -> HttpResponse:
    found = get_object_or_404(Draft, slug=draft_slug)
    try:
        publish(found, author)
    except LessonError as error:
        return draft_page(request, found, faults=error.faults, status=400)
    return _to_versions(draft_slug)


@for_authors
@require_POST
def roll_back_to(request: HttpRequest, author: User, draft_slug: str, number: int) -> HttpResponse:
    found = get_object_or_404(Draft, slug=draft_slug)
    version = get_object_or_404(LessonVersion, lesson__slug=draft_slug, number=number)
    try:
        roll_back(version, author)
    except LessonError as error:
        return draft_page(request, found, faults=error.faults, status=400)
    return _to_versions(draft_slug)


@for_authors
@require_POST
def withdraw_lesson(_request: HttpRequest, _author: User, draft_slug: str) -> HttpResponse:
    withdraw(get_object_or_404(Lesson, slug=draft_slug))
    return _to_versions(draft_slug)


@for_authors
@require_POST
def offer_lesson(_request: HttpRequest, _author: User, draft_slug: str) -> HttpResponse:
    offer_again(get_object_or_404(Lesson, slug=draft_slug))
    return _to_versions(draft_slug)


@for_authors
@require_safe
def compare(request: HttpRequest, _author: User, draft_slug: str) -> HttpResponse:
    """What changed between two versions, or from one to the draft."""
    found = get_object_or_404(Draft, slug=draft_slug)
    versions = LessonVersion.objects.filter(lesson__slug=draft_slug)
    newest = versions.first()
    before = request.GET.get("before", str(newest.number) if newest else DRAFT)
    after = request.GET.get("after", DRAFT)
    context = {
        "draft": found,
        "versions": versions.select_related("published_by"),
        "before": before,
        "after": after,
        "changes": changes(_edition(found, before), _edition(found, after)),
    }
    return render(request, "studio/compare.html", context)


def _to_versions(draft_slug: str) -> HttpResponse:
    """Where the draft's page says what learners see now."""
    return redirect(f"{reverse('draft', args=[draft_slug])}#versions")


def _edition(draft: Draft, name: str) -> dict[str, bytes]:
    if name == DRAFT:
        return files_of(draft)
    if not name.isdecimal() or len(name) > 9:
        raise Http404
    version = get_object_or_404(LessonVersion, lesson__slug=draft.slug, number=int(name))
    return files_of(version)
