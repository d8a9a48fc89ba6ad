"""The page that a draft's files are written on, and what its script asks for."""

from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hakoniwa.accounts.models import User
from hakoniwa.rate_limits import Limit
from lessons.editor_schema import editor_schema
from lessons.faults import Fault
from lessons.loader import LESSON
from lessons.models import Draft, Lesson, LessonVersion

from .access import for_authors, for_authors_scripts, refused
from .drafts import Conflict, DraftRefused, save
from .forms import BeginForm, FileForm, PictureForm, StepForm
from .pages import Unsaved, desk_of, news_of
from .pairs import call_matching

# Oftener than anybody's pauses between words; each reads the whole lesson.
SAVES = Limit("studio-save", 300, 60, "person")
SHOWN_VERSIONS = 50


@for_authors
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, author: User, draft_slug: str) -> HttpResponse:
    """A file of the draft, to be read or, with POST, to be saved."""
    found = get_object_or_404(Draft, slug=draft_slug)
    if request.method != "POST":
        return draft_page(request, found)
    form = FileForm(request.POST)
    typed = (request.POST.get("path", ""), request.POST.get("text", ""))
    if not form.is_valid():
        return draft_page(request, found, Unsaved(*typed, form.why()), status=400)
    sent = form.cleaned_data
    try:
        save(found, sent["path"], form.content(), sent["revision"], author)
    except Conflict as conflict:
        unsaved = Unsaved(*typed, _clash(conflict), clash=True)
        return draft_page(request, found, unsaved, status=409)
    except DraftRefused as refusal:
        return draft_page(request, found, Unsaved(*typed, str(refusal)), status=400)
    return redirect(request.get_full_path())


@require_POST
@for_authors_scripts
def save_file(request: HttpRequest, author: User, draft_slug: str) -> JsonResponse:
    """The same for the page's script, which goes on without a new page."""
    SAVES.spend(author.pk)
    found = Draft.objects.filter(slug=draft_slug).first()
    if found is None:
        return refused("gone", _("This draft is gone."), 404)
    form = FileForm(request.POST)
    if not form.is_valid():
        return refused("faulty", form.why(), 400)
    sent = form.cleaned_data
    try:
        save(found, sent["path"], form.content(), sent["revision"], author)
    except Conflict as conflict:
        return refused("conflict", _clash(conflict), 409)
    except DraftRefused as refusal:
        return refused("refused", str(refusal), 400)
    return JsonResponse(news_of(found, sent["path"]))


@for_authors
@require_POST
def match_languages(request: HttpRequest, author: User, draft_slug: str) -> HttpResponse:
    """Somebody says that a step's two languages say the same now."""
    found = get_object_or_404(Draft, slug=draft_slug)
    path = request.POST.get("path", "")
    call_matching(found, path, author)
    return redirect(f"{reverse('draft', args=[draft_slug])}?{urlencode({'file': path})}")


@require_safe
@for_authors_scripts
def schema(_request: HttpRequest, _author: User) -> HttpResponse:
    """What the editor completes `lesson.yml` by."""
    headers = {"Cache-Control": "private, max-age=300"}
    return HttpResponse(editor_schema(), "application/schema+json", headers=headers)


def draft_page(
    request: HttpRequest,
    found: Draft,
    unsaved: Unsaved | None = None,
    *,
    form: Form | None = None,
    faults: tuple[Fault, ...] = (),
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    """`form`: one of the page's that was refused; `told`: why something else was."""
    versions = LessonVersion.objects.filter(lesson__slug=found.slug).select_related("published_by")
    path = unsaved.path if unsaved else request.GET.get("file", LESSON)
    desk = desk_of(found, path, unsaved)
    context = {
        "draft": found,
        "desk": desk,
        "lesson": Lesson.objects.filter(slug=found.slug).first(),
        "versions": versions[:SHOWN_VERSIONS],
        "begin_form": form if isinstance(form, BeginForm) else BeginForm(),
        "step_form": form if isinstance(form, StepForm) else StepForm(),
        "picture_form": (
            form if isinstance(form, PictureForm) else PictureForm(initial={"step": desk.step})
        ),
        "faults": faults,
        "told": told,
    }
    return render(request, "studio/draft.html", context, status=status)


def _clash(conflict: Conflict) -> str:
    if conflict.file is None:
        return _("Somebody removed this file while you were writing. Saving now makes it anew.")
    return _(
        "Somebody saved this file while you were writing. Nothing was changed: yours is in the "
        "first box, theirs in the second. Saving now puts yours in place of theirs."
    )
