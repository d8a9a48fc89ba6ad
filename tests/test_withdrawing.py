"""A withdrawn lesson: out of the list, finished by whoever has begun it, and back again."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from hakoniwa.accounts.models import User
from lessons.catalogue import enrol, load_files, load_lessons, version_for, withdraw
from lessons.models import Lesson, TaskPass

from .lesson_files import LESSON, greeting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lessons")]
STEP = "/en/lessons/docker-run/fetch/"
DRAFT = "/en/studio/docker-run/"


def somebody(name: str, role: User.Role = User.Role.LEARNER) -> Client:
    client = Client()
    client.force_login(User.objects.create(username=name, name=name, role=role))
    return client


def begun(client: Client, tasks: int) -> None:
    """They have passed so many of its tasks."""
    client.get(STEP)
    lesson, learner = Lesson.objects.get(slug="docker-run"), User.objects.get()
    enrolment = enrol(learner, version_for(lesson, learner))
    names = [task.id for task in enrolment.version.content.tasks()][:tasks]
    TaskPass.objects.bulk_create(TaskPass(enrolment=enrolment, task=name) for name in names)


def has_it(client: Client) -> bool:
    return "/en/lessons/docker-run/" in client.get("/en/lessons/").content.decode()


def told(*words: str) -> str:
    out = StringIO()
    call_command("lessons", "withdraw", *words, stdout=out)
    return out.getvalue()


def test_whoever_is_in_the_middle_finishes_it_and_others_are_told() -> None:
    beginner, other = somebody("hanako"), Client()
    begun(beginner, tasks=1)
    told("docker-run")
    assert has_it(beginner)
    assert not has_it(other)
    page = beginner.get(STEP)
    assert page.status_code == 200
    assert "You have begun it, so you can finish it." in page.content.decode()
    for address in (STEP, "/en/lessons/docker-run/"):
        page = other.get(address)
        assert page.status_code == 410
        assert "This lesson is no longer offered" in page.content.decode()
    assert beginner.post(f"{STEP}check/").status_code == 200
    assert somebody("taro").post(f"{STEP}check/").status_code == 404


def test_whoever_is_done_finds_it_at_its_address_only() -> None:
    learner = somebody("hanako")
    begun(learner, tasks=100)
    told("docker-run")
    assert not has_it(learner)
    assert learner.get(STEP).status_code == 200


def test_no_lesson_leads_to_it() -> None:
    def leads(page: str, slug: str) -> bool:
        return f"/en/lessons/{slug}/" in Client().get(page, follow=True).content.decode()

    last, builds_on = "/en/lessons/docker-run/closing/", "/en/lessons/compose/"
    assert leads(last, "throwaway-containers")
    assert leads(builds_on, "storage")
    for slug in ("throwaway-containers", "storage"):
        withdraw(Lesson.objects.get(slug=slug))
    assert not leads(last, "throwaway-containers")
    assert leads(last, "what-docker-is"), "the one after it"
    assert not leads(builds_on, "storage")


def test_an_instructor_withdraws_it_and_brings_it_back() -> None:
    author = somebody("author", User.Role.INSTRUCTOR)
    author.post("/en/studio/begin/docker-run/")
    assert '<a href="/en/lessons/docker-run/">' in author.get(DRAFT).content.decode()
    author.post(f"{DRAFT}withdraw/")
    assert not has_it(Client())
    assert "(withdrawn)" in author.get("/en/studio/").content.decode()
    author.post(f"{DRAFT}publish/")
    assert not has_it(Client()), "publishing is another thing"
    assert "Bring it back" in author.get(DRAFT).content.decode()
    author.post(f"{DRAFT}offer/")
    assert has_it(Client())


def test_opening_the_classroom_or_importing_does_not_bring_it_back() -> None:
    load_files(greeting(), "greeting")
    assert told("greeting") == "greeting: withdrawn; `withdraw greeting --undo` brings it back\n"
    load_files(greeting(LESSON.replace("minutes: 5", "minutes: 6")), "greeting")
    load_lessons()
    assert Client().get("/en/lessons/greeting/").status_code == 410
    assert told("greeting", "--undo") == "greeting: in the list again\n"
    assert Client().get("/en/lessons/greeting/").status_code == 302
    with pytest.raises(CommandError, match="There is no lesson `nothing` here"):
        told("nothing")


def test_an_author_follows_the_link_to_what_they_have_published() -> None:
    author = somebody("author", User.Role.INSTRUCTOR)
    author.get(STEP)
    author.post("/en/studio/begin/docker-run/")
    sent = {"path": "steps/fetch.en.md", "revision": 1, "text": "Rewritten"}
    author.post(f"{DRAFT}?file=steps/fetch.en.md", sent)
    page = author.post(f"{DRAFT}publish/", follow=True).content.decode()
    assert "Learners see version 2:" in page
    assert "Rewritten" in author.get(STEP).content.decode()
