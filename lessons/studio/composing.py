"""Adding and removing what a draft is made of, on its page."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from hakoniwa.accounts.models import User
from lessons import pictures
from lessons.files import is_picture
from lessons.models import Draft

from .access import for_authors
from .drafts import DraftRefused
from .editing import draft_page
from .forms import PictureForm, StepForm
from .parts import add_picture, add_step, remove_picture, remove_step


@for_authors
@require_POST
def new_step(request: HttpRequest, author: User, draft_slug: str) -> HttpResponse:
    found = get_object_or_404(Draft, slug=draft_slug)
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            add_step(found, form.cleaned_data["step"], author)
            return _to_step(found, form.cleaned_data["step"])
        except DraftRefused as refusal:
            form.add_error("step", str(refusal))
    return draft_page(request, found, form=form, status=400)


@for_authors
@require_POST
def no_step(request: HttpRequest, author: User, draft_slug: str) -> HttpResponse:
    found = get_object_or_404(Draft, slug=draft_slug)
    try:
        remove_step(found, request.POST.get("step", ""), author)
    except DraftRefused as refusal:
        return draft_page(request, found, told=str(refusal), status=400)
    return redirect("draft", draft_slug)


@for_authors
@require_POST
def new_picture(request: HttpRequest, author: User, draft_slug: str) -> HttpResponse:
    found = get_object_or_404(Draft, slug=draft_slug)
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        sent = form.cleaned_data
        words = {"ja": sent["ja"], "en": sent["en"]}
        name, content = sent["picture"].name, sent["picture"].read()
        try:
            add_picture(found, name, content, sent["step"], words, author)
            return _to_step(found, sent["step"])
        except DraftRefused as refusal:
            form.add_error("picture", str(refusal))
    return draft_page(request, found, form=form, status=400)


@for_authors
@require_POST
def no_picture(request: HttpRequest, _author: User, draft_slug: str) -> HttpResponse:
    found = get_object_or_404(Draft, slug=draft_slug)
    remove_picture(found, request.POST.get("path", ""))
    return redirect("draft", draft_slug)


@for_authors
@require_safe
def draft_picture(_request: HttpRequest, _author: User, draft_slug: str, name: str) -> HttpResponse:
    """An image as it is now; the page's address for it names its content."""
    path = f"images/{name}"
    file = get_object_or_404(Draft, slug=draft_slug).files.filter(path=path).first()
    if file is None or not is_picture(path):
        raise Http404
    return pictures.answer(path, bytes(file.content))


def _to_step(found: Draft, step: str) -> HttpResponse:
    path = f"steps/{step}.{get_language()}.md"
    return redirect(f"{reverse('draft', args=[found.slug])}?{urlencode({'file': path})}")
