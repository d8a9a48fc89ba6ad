"""The studio's pages, for instructors only."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hakoniwa.accounts.models import User
from lessons.faults import Fault, LessonError
from lessons.models import Draft, Lesson, LessonVersion

from . import pages
from .drafts import Conflict, DraftRefused, begin, duplicate, files_of, save
from .forms import BeginForm, FileForm
from .publishing import publish, roll_back


@login_required
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    _author(request)
    begun = Draft.objects.values("slug")
    context = {"drafts": Draft.objects.all(), "lessons": Lesson.objects.exclude(slug__in=begun)}
    return render(request, "studio/drafts.html", context)


@login_required
@require_POST
def begin_from_lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """A draft of what is published; where there is one already, that one."""
    author = _author(request)
    version = get_object_or_404(Lesson, slug=slug).versions.latest("number")
    if not Draft.objects.filter(slug=slug).exists():
        begin(slug, files_of(version), author)
    return redirect("draft", slug)


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, draft_slug: str) -> HttpResponse:
    """A file of the draft, to be read or, with POST, to be saved."""
    author = _author(request)
    found = get_object_or_404(Draft, slug=draft_slug)
    if request.method != "POST":
        return _draft_page(request, found)
    form = FileForm(request.POST)
    if not form.is_valid():
        return _draft_page(request, found, status=400)
    sent = form.cleaned_data
    try:
        save(found, sent["path"], form.content(), sent["revision"], author)
    except Conflict:
        return _draft_page(request, found, sent, status=409)
    except DraftRefused:
        return _draft_page(request, found, status=400)
    return redirect(request.get_full_path())


@login_required
@require_POST
def duplicate_draft(request: HttpRequest, draft_slug: str) -> HttpResponse:
    author = _author(request)
    found = get_object_or_404(Draft, slug=draft_slug)
    form = BeginForm(request.POST)
    if form.is_valid():
        try:
            return redirect("draft", duplicate(found, form.cleaned_data["slug"], author).slug)
        except DraftRefused:
            form.add_error("slug", _("There is a draft of this name already."))
    return _draft_page(request, found, form=form, status=400)


@login_required
@require_POST
def publish_draft(request: HttpRequest, draft_slug: str) -> HttpResponse:
    author = _author(request)
    found = get_object_or_404(Draft, slug=draft_slug)
    try:
        publish(found, author)
    except LessonError as error:
        return _draft_page(request, found, faults=error.faults, status=400)
    return redirect("draft", draft_slug)


@login_required
@require_POST
def roll_back_to(request: HttpRequest, draft_slug: str, number: int) -> HttpResponse:
    author = _author(request)
    version = get_object_or_404(LessonVersion, lesson__slug=draft_slug, number=number)
    roll_back(version, author)
    return redirect("draft", draft_slug)


def _draft_page(
    request: HttpRequest,
    found: Draft,
    unsaved: dict[str, str] | None = None,
    *,
    form: BeginForm | None = None,
    faults: tuple[Fault, ...] = (),
    status: int = 200,
) -> HttpResponse:
    versions = LessonVersion.objects.filter(lesson__slug=found.slug).select_related("published_by")
    path = unsaved["path"] if unsaved else request.GET.get("file", "lesson.yml")
    context = {
        "draft": found,
        "files": found.files.only("path"),
        "sheets": pages.sheets_of(found, path, unsaved["text"] if unsaved else None),
        "versions": versions[:50],
        "form": form or BeginForm(),
        "faults": faults,
    }
    return render(request, "studio/draft.html", context, status=status)


def _author(request: HttpRequest) -> User:
    if isinstance(request.user, User) and request.user.is_instructor:
        return request.user
    raise PermissionDenied
