"""The page on which a draft, or a folder on the site's machine, is looked at while it changes."""

from asgiref.sync import async_to_sync
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hakoniwa.accounts.models import User
from hakoniwa.rate_limits import Limit
from lessons import pictures
from lessons.faults import LessonError
from lessons.loader import lesson_in
from lessons.models import Draft, FolderPreview
from lessons.pages import terminal_addresses
from sandbox.errors import EngineAnswerError, SandboxError
from sandbox.services import current_sandbox

from .access import for_authors, for_authors_scripts, refused
from .previews import (
    Edition,
    edition_of_draft,
    edition_of_folder,
    preview_of,
    stamp_of,
)
from .reading import needed
from .trying import try_tasks

# Each is a look into an engine, as a learner's “Check now”.
TRIES = Limit("studio-try", 30, 60, "person")


@for_authors
@require_safe
def preview_draft(request: HttpRequest, _author: User, draft_slug: str) -> HttpResponse:
    found = get_object_or_404(Draft, slug=draft_slug)
    around = {
        "back": reverse("draft", args=[draft_slug]),
        "news_url": reverse("draft-news", args=[draft_slug]),
        "try_url": reverse("try-draft", args=[draft_slug]),
    }
    return _page(request, edition_of_draft(found), around)


@for_authors
@require_safe
def preview_folder(request: HttpRequest, _author: User, slug: str) -> HttpResponse:
    kept = get_object_or_404(FolderPreview, slug=slug)
    around = {
        "back": reverse("drafts"),
        "news_url": reverse("folder-news", args=[slug]),
        "try_url": reverse("try-folder", args=[slug]),
    }
    return _page(request, edition_of_folder(kept), around)


@require_safe
@for_authors_scripts
def draft_news(request: HttpRequest, _author: User, draft_slug: str) -> HttpResponse:
    """What the page shows now, where that is something else than it has."""
    found = Draft.objects.filter(slug=draft_slug).first()
    if found is None:
        return refused("gone", _("This draft is gone."), 404)
    if stamp_of(found) == request.GET.get("stamp"):
        return HttpResponse(status=204)
    return _content(request, edition_of_draft(found))


@require_safe
@for_authors_scripts
def folder_news(request: HttpRequest, _author: User, slug: str) -> HttpResponse:
    """The same of a folder."""
    kept = FolderPreview.objects.filter(slug=slug)
    stamp = kept.values_list("stamp", flat=True).first()
    if stamp is None:
        return refused("gone", _("The folder is not watched any more."), 404)
    if stamp == request.GET.get("stamp"):
        return HttpResponse(status=204)
    return _content(request, edition_of_folder(kept.get()))


@require_POST
@for_authors_scripts
def try_draft(_request: HttpRequest, author: User, draft_slug: str) -> HttpResponse:
    return _tried(author, edition_of_draft(get_object_or_404(Draft, slug=draft_slug)))


@require_POST
@for_authors_scripts
def try_folder(_request: HttpRequest, author: User, slug: str) -> HttpResponse:
    return _tried(author, edition_of_folder(get_object_or_404(FolderPreview, slug=slug)))


@for_authors
@require_safe
def folder_picture(_request: HttpRequest, _author: User, slug: str, name: str) -> HttpResponse:
    files = edition_of_folder(get_object_or_404(FolderPreview, slug=slug)).files
    if (path := f"images/{name}") not in files:
        raise Http404
    return pictures.answer(path, files[path])


def _page(request: HttpRequest, edition: Edition, around: dict[str, str]) -> HttpResponse:
    context = terminal_addresses(*needed(edition.files, edition.slug)) | around
    shown = {"edition": edition, "preview": preview_of(edition)}
    return render(request, "studio/preview.html", context | shown)


def _content(request: HttpRequest, edition: Edition) -> HttpResponse:
    context = {"edition": edition, "preview": preview_of(edition)}
    return render(request, "studio/_preview.html", context)


def _tried(author: User, edition: Edition) -> HttpResponse:
    TRIES.spend(author.pk)
    try:
        lesson = lesson_in(edition.files, edition.slug)
    except LessonError:
        return _told(_("The lesson can't be read yet; the problems say why."))
    sandbox = async_to_sync(current_sandbox)(author)
    if sandbox is None:
        return _told(_("There is no sandbox yet: wait until the terminal is there."))
    try:
        tried = async_to_sync(try_tasks)(sandbox, lesson)
    except (EngineAnswerError, SandboxError):
        return _told(_("Your engine does not answer."))
    return HttpResponse(render_to_string("studio/_tried.html", {"tried": tried}))


def _told(words: str) -> HttpResponse:
    return HttpResponse(render_to_string("studio/_tried.html", {"told": words}))
