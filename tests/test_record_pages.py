"""The studio's pages for recording and proving, as far as no engine is needed."""

import time

import pytest
import yaml
from django.test import Client

from hakoniwa.accounts.models import User
from lessons.models import Draft, DraftFile, Recording
from lessons.studio.drafts import begin
from sandbox.models import Sandbox
from tests.lesson_files import greeting

pytestmark = pytest.mark.django_db
DRAFT = "/en/studio/greeting/"
CHECKS = [{"volume": {"name": "notes"}}, {"image": {"reference": "<b>shop</b>"}}]
SENT = {"check": [0], "step": "hello", "script": "docker volume create notes\r\necho 'a'\r\n"}


@pytest.fixture
def author(author: Client, instructor: User) -> Client:
    begin("greeting", greeting(), instructor)
    return author


@pytest.fixture
def recorded(author: Client) -> Recording:
    user = User.objects.get(username="author")
    return Recording.objects.create(
        author=user,
        draft=Draft.objects.get(slug="greeting"),
        sandbox=Sandbox.objects.create(owner=user, state=Sandbox.State.CLAIMED),
        before=b"",
        proposals=CHECKS,
        script="docker volume create notes\n",
    )


def lesson_file() -> DraftFile:
    return DraftFile.objects.get(draft__slug="greeting", path="lesson.yml")


def save(author: Client, text: str) -> None:
    file = lesson_file()
    file.content = text.encode()
    file.save()


def test_what_was_recorded_becomes_a_task_and_nothing_else_changes(
    author: Client, recorded: Recording
) -> None:
    page = author.get(f"{DRAFT}record/").content.decode()
    assert "&lt;b&gt;shop" in page
    assert page.count('name="check"') == 2
    before = lesson_file()
    answer = author.post(f"{DRAFT}record/add/", SENT)
    assert answer.headers["Location"] == f"{DRAFT}?file=lesson.yml"
    after = lesson_file()
    assert after.revision == before.revision + 1
    [step] = [one for one in yaml.safe_load(bytes(after.content))["steps"] if one["id"] == "hello"]
    task = step["tasks"][-1]
    assert task["check"] == CHECKS[0]
    assert task["solve"] == "docker volume create notes\necho 'a'\n"
    assert {*task["title"]} == {"ja", "en"}
    kept = bytes(before.content).decode().splitlines()
    new = iter(bytes(after.content).decode().splitlines())
    assert all(line in new for line in kept), "every line is there, in its order"
    assert author.post(f"{DRAFT}record/add/", SENT).status_code == 409, "it is used up"


def test_a_second_task_has_another_id_and_several_checks_are_one(
    author: Client, recorded: Recording
) -> None:
    author.post(f"{DRAFT}record/add/", SENT)
    recorded.save(force_insert=True)
    author.post(f"{DRAFT}record/add/", SENT | {"check": [0, 1]})
    tasks = yaml.safe_load(bytes(lesson_file().content))["steps"][0]["tasks"]
    assert [task["id"] for task in tasks[-2:]] == ["recorded", "recorded-2"]
    assert tasks[-1]["check"] == {"all": CHECKS}


@pytest.mark.parametrize("text", ["steps: [", "steps: [{id: hello}]\n"])
def test_where_there_is_no_place_the_task_is_shown_to_be_copied(
    author: Client, recorded: Recording, text: str
) -> None:
    save(author, text)
    answer = author.post(f"{DRAFT}record/add/", SENT)
    assert answer.status_code == 409
    assert "- id: recorded" in answer.content.decode()
    assert bytes(lesson_file().content).decode() == text
    assert Recording.objects.exists(), "what was recorded stays"


def test_a_task_without_a_check_is_not_added(author: Client, recorded: Recording) -> None:
    answer = author.post(f"{DRAFT}record/add/", SENT | {"check": []})
    assert answer.status_code == 400
    assert lesson_file().revision == 1


def test_a_recording_ends_with_its_sandbox(author: Client, recorded: Recording) -> None:
    recorded.before, recorded.proposals = b"x", []
    recorded.save()
    assert "Stop recording" in author.get(f"{DRAFT}record/").content.decode()
    Sandbox.objects.update(state=Sandbox.State.GONE)
    assert "Start recording" in author.get(f"{DRAFT}record/").content.decode()
    assert author.post(f"{DRAFT}record/end/").status_code == 409
    author.post(f"{DRAFT}record/begin/")
    assert not Recording.objects.exists()


def test_a_recording_is_its_authors_alone(author: Client, recorded: Recording) -> None:
    other = Client()
    other.force_login(User.objects.create(username="o", name="o", role=User.Role.INSTRUCTOR))
    assert "notes" not in other.get(f"{DRAFT}record/").content.decode()
    assert other.post(f"{DRAFT}record/add/", SENT).status_code == 409


def test_without_a_sandbox_nothing_is_recorded(
    author: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)  # all within one period of the limit
    answer = author.post(f"{DRAFT}record/begin/")
    assert answer.status_code == 409
    assert "has not started yet" in answer.content.decode()
    statuses = {author.post(f"{DRAFT}record/begin/").status_code for _again in range(60)}
    assert statuses == {409, 429}


def test_a_draft_with_faults_is_not_proven(author: Client) -> None:
    assert "data-proof" in author.get(f"{DRAFT}prove/").content.decode()
    save(author, "slug: [")
    page = author.get(f"{DRAFT}prove/").content.decode()
    assert "data-proof" not in page
    assert "lesson.yml:" in page
