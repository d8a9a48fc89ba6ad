"""The pages of lessons."""

from asgiref.sync import sync_to_async
from django.contrib.auth import aget_user
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from hakoniwa.accounts.models import User
from hakoniwa.rate_limits import Limit
from sandbox.image_set import stand_ins

from . import live, pages, pictures
from .catalogue import enrol, is_open_to, version_for
from .closing import closing_view, question_view, questions_on
from .document import CLOSING
from .forms import AnswerForm
from .models import Lesson, LessonVersion
from .quiz_progress import answers_of, has_solved_quiz, record_answer

# Each is a look into the learner's engine, which others wait for.
CHECKS = Limit("check", 30, 60, "person")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    cards = pages.lesson_cards(_learner(request))
    context = {"lessons": cards, "continue_with": pages.lesson_to_continue(cards)}
    return render(request, "home.html", context)


@require_safe
def lesson_list(request: HttpRequest) -> HttpResponse:
    return render(request, "lessons/list.html", {"lessons": pages.lesson_cards(_learner(request))})


@require_safe
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on where the learner left off."""
    learner = _learner(request)
    found = get_object_or_404(Lesson, slug=slug)
    if not is_open_to(found, learner):
        return _withdrawn(request)
    version = version_for(found, learner)
    step = pages.step_to_go_on_with(version, pages.passed_in(version, learner))
    return redirect("step", slug, step.id)


@require_safe
def step(request: HttpRequest, slug: str, step_id: str) -> HttpResponse:
    learner = _learner(request)
    lesson = get_object_or_404(Lesson, slug=slug)
    if not is_open_to(lesson, learner):
        return _withdrawn(request)
    version = version_for(lesson, learner)
    current = version.content.page(step_id)
    if current is None:
        raise Http404
    passed = pages.passed_in(version, learner)
    enrolment = enrol(learner, version) if learner else None
    solved = enrolment is not None and has_solved_quiz(enrolment)
    answers = answers_of(enrolment) if enrolment else {}
    view = pages.lesson_view(version, current, passed, solved)
    index = [link.id for link in view.steps].index(step_id)
    needed = version.content.preload, version.content.memory
    context = pages.terminal_addresses(*needed) | {
        "lesson": view,
        "step": pages.step_view(version, current, passed),
        "intro": None if index else pages.intro_view(version, learner),
        "closing": closing_view(version.content) if current is CLOSING else None,
        "questions": questions_on(version.content, current, answers),
        "previous_step": view.steps[index - 1] if index else None,
        "next_step": view.steps[index + 1] if index + 1 < len(view.steps) else None,
        "next_lesson": pages.lesson_after(lesson, learner),
        "stand_ins": stand_ins(version.content.images),
        "live_url": f"/ws/{get_language()}/lessons/{slug}/{step_id}/" if learner else "",
        "signed_in": learner is not None,
        "withdrawn": lesson.withdrawn_at is not None,
    }
    return render(request, "lessons/step.html", context)


def _withdrawn(request: HttpRequest) -> HttpResponse:
    return render(request, "lessons/withdrawn.html", status=410)


@require_POST
def answer_question(request: HttpRequest, slug: str, question_id: str) -> HttpResponse:
    """The question as it is then; without JavaScript, the page that it is on."""
    learner = _learner(request)
    if learner is None:
        return HttpResponse(status=401)
    found = get_object_or_404(Lesson, slug=slug)
    version = version_for(found, learner)
    asked = version.content.question(question_id)
    if asked is None or not is_open_to(found, learner):
        raise Http404
    page, question = asked
    enrolment = enrol(learner, version)
    form = AnswerForm(question, request.POST)
    if form.is_valid():
        record_answer(enrolment, question, form.cleaned_data["answer"])
    if "hx-request" not in request.headers:
        return redirect(reverse("step", args=[slug, page.id]) + f"#question-{question.id}")
    chosen = answers_of(enrolment).get(question.id)
    passed, solved = pages.passed_in(version, learner), has_solved_quiz(enrolment)
    context = {
        "question": question_view(question, chosen),
        "lesson": pages.lesson_view(version, page, passed, solved),
        "signed_in": True,
    }
    return render(request, "lessons/_answered.html", context)


@require_safe
def picture(request: HttpRequest, slug: str, number: int, name: str) -> HttpResponse:
    """An image of one version, which browsers may keep: versions don't change."""
    path = f"images/{name}"
    version = get_object_or_404(LessonVersion, lesson__slug=slug, number=number)
    if path not in version.document.get("pictures", {}):
        raise Http404
    return pictures.answer(path, bytes(version.files.get(path=path).content))


@require_POST
async def check_now(request: HttpRequest, slug: str, step_id: str) -> HttpResponse:
    """Look at the learner's engine at once; answers the same fragments as the live channel."""
    user = await aget_user(request)
    if not isinstance(user, User):
        return HttpResponse(status=401)
    await CHECKS.aspend(user.pk)
    try:
        place = await sync_to_async(live.place_of)(user, slug, step_id)
    except live.NoSuchPlace:
        raise Http404 from None
    fragments = await live.look_once(place)
    return HttpResponse(fragments)


def _learner(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
