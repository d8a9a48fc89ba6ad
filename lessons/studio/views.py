"""The studio's pages, for instructors only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from hakoniwa.accounts.models import User
from lessons.catalogue import next_position
from lessons.models import Draft, FolderPreview, Lesson
from lessons.scaffolding import new_lesson as new_lesson_files

from .access import for_authors
from .drafts import DraftRefused, begin, duplicate, files_of
from .editing import draft_page
from .forms import BeginForm


@for_authors
@require_safe
def drafts(request: HttpRequest, _author: User) -> HttpResponse:
    return _drafts_page(request, BeginForm())


@for_authors
@require_POST
def new_lesson(request: HttpRequest, author: User) -> HttpResponse:
    """A short lesson to begin from, complete in both languages."""
    form = BeginForm(request.POST)
    if form.is_valid():
        slug = form.cleaned_data["slug"]
        try:
            return redirect(
                "draft", begin(slug, new_lesson_files(slug, next_position()), author).slug
            )
        except DraftRefused as refusal:
            form.add_error("slug", str(refusal))
    return _drafts_page(request, form, status=400)


@for_authors
@require_POST
def begin_from_lesson(request: HttpRequest, author: User, slug: str) -> HttpResponse:
    """A draft of what is published; where there is one already, that one."""
    version = get_object_or_404(Lesson, slug=slug).versions.latest("number")
    if not Draft.objects.filter(slug=slug).exists():
        begin(slug, files_of(version), author)
    return redirect("draft", slug)


@for_authors
@require_POST
def duplicate_draft(request: HttpRequest, author: User, draft_slug: str) -> HttpResponse:
    found = get_object_or_404(Draft, slug=draft_slug)
    form = BeginForm(request.POST)
    if form.is_valid():
        try:
            return redirect("draft", duplicate(found, form.cleaned_data["slug"], author).slug)
        except DraftRefused as refusal:
            form.add_error("slug", str(refusal))
    return draft_page(request, found, form=form, status=400)


def _drafts_page(request: HttpRequest, form: BeginForm, status: int = 200) -> HttpResponse:
    begun = Draft.objects.values("slug")
    context = {
        "drafts": Draft.objects.all(),
        "withdrawn": {*Lesson.objects.exclude(withdrawn_at=None).values_list("slug", flat=True)},
        "lessons": Lesson.objects.exclude(slug__in=begun),
        "folders": FolderPreview.objects.only("slug"),
        "form": form,
    }
    return render(request, "studio/drafts.html", context, status=status)
