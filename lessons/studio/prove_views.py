"""The studio's page on which a draft is proven."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hakoniwa.accounts.models import User
from lessons.faults import Fault, LessonError
from lessons.models import Draft

from .access import for_authors
from .reading import lesson_of


@for_authors
@require_safe
def prove(request: HttpRequest, _author: User, draft_slug: str) -> HttpResponse:
    draft = get_object_or_404(Draft, slug=draft_slug)
    faults: tuple[Fault, ...] = ()
    try:
        lesson_of(draft)
    except LessonError as error:
        faults = error.faults
    context = {
        "draft": draft,
        "faults": faults,
        "proof_url": f"/ws/{get_language()}/studio/{draft.slug}/prove/",
    }
    return render(request, "studio/prove.html", context)
