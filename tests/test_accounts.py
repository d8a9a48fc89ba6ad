"""Coming in: with a class code, as a guest, as an instructor with a one-time password."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings

from hakoniwa.accounts.models import Cohort, User
from lessons.catalogue import enrol
from lessons.models import Lesson, TaskPass

pytestmark = pytest.mark.django_db

JOIN = {"code": "K7QM-4FXT", "name": "Hana", "password": "correct horse"}


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("typed", ["K7QM-4FXT", "k7qm4fxt", " Ｋ７ＱＭ－４ＦＸＴ "])
def test_a_learner_joins_with_the_code_however_it_is_typed(
    client: Client, cohort: Cohort, typed: str
) -> None:
    response = client.post("/ja/join/", JOIN | {"code": typed}, follow=True)
    assert response.status_code == 200
    learner = User.objects.get(name="Hana")
    assert learner.cohort == cohort
    assert learner.role == User.Role.LEARNER
    assert client.session["_auth_user_id"] == str(learner.pk)


def test_a_wrong_code_is_explained_and_keeps_what_was_typed(client: Client, cohort: Cohort) -> None:
    response = client.post("/en/join/", JOIN | {"code": "AAAA-AAAA"})
    assert response.status_code == 400
    assert "No class has this code" in text_of(response)
    assert 'value="Hana"' in text_of(response)
    assert "このコードのクラスはありません" in text_of(
        client.post("/ja/join/", JOIN | {"code": "AAAA-AAAA"})
    )
    assert not User.objects.filter(name="Hana").exists()


def test_a_name_is_taken_once_in_a_class_and_free_in_another(client: Client, learner: User) -> None:
    response = client.post("/en/join/", JOIN | {"name": "ＨＡＮＡ"})
    assert response.status_code == 400
    assert "already uses that name" in text_of(response)
    Cohort.objects.create(name="other", code="MMMM-MMMM")
    assert client.post("/en/join/", JOIN | {"code": "MMMM-MMMM"}).status_code == 302


def test_a_name_that_normalising_makes_long_is_still_a_name(client: Client, cohort: Cohort) -> None:
    learner = JOIN | {"name": "ﷺ" * 20}
    assert client.post("/en/join/", learner).status_code == 302
    # SQLite keeps a user name of any length; PostgreSQL would have refused.
    assert all(len(user.username) <= 150 for user in User.objects.all())
    client.post("/en/sign-out/")
    assert client.post("/en/sign-in/", learner).status_code == 302


def test_a_weak_password_is_refused(client: Client, cohort: Cohort) -> None:
    response = client.post("/en/join/", JOIN | {"password": "12345678"})
    assert response.status_code == 400
    assert not User.objects.filter(name="Hana").exists()


def test_a_learner_signs_in_again_by_name_and_code(client: Client, learner: User) -> None:
    wrong = client.post("/en/sign-in/", JOIN | {"password": "wrong horse"})
    assert wrong.status_code == 400
    assert "do not match" in text_of(wrong)
    assert client.post("/en/sign-in/", JOIN).status_code == 302
    assert client.session["_auth_user_id"] == str(learner.pk)


def test_a_guest_becomes_a_learner_without_losing_progress(
    client: Client, cohort: Cohort, lessons: None
) -> None:
    client.post("/ja/try/")
    guest = User.objects.get(role=User.Role.GUEST)
    version = Lesson.objects.get(slug="docker-run").versions.latest("number")
    task = next(version.content.tasks())
    TaskPass.objects.create(enrolment=enrol(guest, version), task=task.id)
    client.post("/ja/join/", JOIN)
    learner = User.objects.get(name="Hana")
    assert learner.pk == guest.pk
    assert learner.enrolments.get().passes.get().task == task.id
    client.post("/ja/sign-out/")
    assert client.post("/ja/sign-in/", JOIN).status_code == 302
    assert client.session["_auth_user_id"] == str(guest.pk)


def test_a_guest_whose_name_is_taken_stays_a_guest(client: Client, learner: User) -> None:
    client.post("/en/try/")
    assert client.post("/en/join/", JOIN).status_code == 400
    assert User.objects.filter(role=User.Role.GUEST).count() == 1
    assert client.get("/en/lessons/").context["user"].is_guest


def test_a_site_without_guests_refuses_them(client: Client, settings: Settings) -> None:
    settings.GUESTS_WELCOME = False
    assert client.post("/ja/try/").status_code == 403
    assert 'action="/ja/try/"' not in text_of(client.get("/ja/"))


def test_the_first_instructor_must_replace_the_one_time_password(client: Client) -> None:
    out = StringIO()
    call_command("create_instructor", stdout=out)
    found = re.search(r"(?:password|パスワード).*[:：]\s*(\S+)", out.getvalue())
    assert found is not None, out.getvalue()
    again = StringIO()
    call_command("create_instructor", stdout=again)
    assert again.getvalue() == ""

    answer = client.post(
        "/en/sign-in/", {"code": "", "name": "Instructor", "password": found.group(1)}
    )
    assert answer.status_code == 302
    sent_to = client.get("/en/studio/?a=b").headers["Location"]
    assert client.post("/en/classes/open/").headers["Location"] == "/en/password/"
    assert 'name="next" value="/en/studio/?a=b"' in text_of(client.get(sent_to))
    chosen = client.post(sent_to, {"password": "a better one 7"})
    assert chosen.headers["Location"] == "/en/studio/?a=b"
    assert client.get("/en/classes/").status_code == 200
    client.post("/en/sign-out/")
    old = {"code": "", "name": "instructor", "password": found.group(1)}
    assert client.post("/en/sign-in/", old).status_code == 400


def test_an_instructor_opens_a_class_and_sees_its_code(client: Client, cohort: Cohort) -> None:
    assert cohort.instructor is not None
    client.force_login(cohort.instructor)
    client.post("/en/classes/open/", {"name": "Evening class"})
    opened = Cohort.objects.get(name="Evening class")
    page = text_of(client.get("/en/classes/"))
    assert opened.code in page
    assert cohort.code in page


def test_an_instructor_switches_the_internet_of_a_class(
    client: Client, cohort: Cohort, settings: Settings
) -> None:
    assert cohort.instructor
    client.force_login(cohort.instructor)
    page = "/en/classes/"
    assert "internet" not in client.get(page).content.decode()

    settings.INTERNET = True
    assert "The internet is off." in client.get(page).content.decode()
    for position in ("on", "off"):
        client.post(f"/en/classes/{cohort.pk}/internet/", {"internet": position})
        assert f"The internet is {position}." in client.get(page).content.decode()
        cohort.refresh_from_db()
        assert cohort.internet == (position == "on")


def test_only_instructors_see_classes_and_only_their_own(
    client: Client, learner: User, cohort: Cohort
) -> None:
    assert client.get("/en/classes/").headers["Location"].startswith("/en/sign-in/")
    client.force_login(learner)
    assert client.get("/en/classes/").status_code == 403
    assert client.post("/en/classes/open/", {"name": "mine"}).status_code == 403
    other = User.objects.create(username="other", name="other", role=User.Role.INSTRUCTOR)
    client.force_login(other)
    assert cohort.code not in text_of(client.get("/en/classes/"))


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_nobody_is_sent_to_another_site(client: Client, learner: User, wanted: str) -> None:
    answer = client.post("/en/sign-in/", JOIN | {"next": wanted})
    assert answer.headers["Location"] == "/en/lessons/"


def test_sign_in_leads_back_to_the_page_that_was_wanted(client: Client, learner: User) -> None:
    answer = client.post("/ja/sign-in/", JOIN | {"next": "/ja/lessons/docker-run/"})
    assert answer.headers["Location"] == "/ja/lessons/docker-run/"


def test_whoever_finds_a_browser_signed_in_can_not_replace_the_password(
    signed_in: Client, learner: User
) -> None:
    signed_in.post("/en/password/", {"password": "a better one 7"})
    learner.refresh_from_db()
    assert learner.check_password("correct horse")


def test_each_way_in_gives_the_session_a_new_key(
    client: Client, cohort: Cohort, settings: Settings
) -> None:
    """A session that somebody planted before is theirs no more (session fixation)."""
    keys = [client.session.session_key]

    def has_another_key(path: str, form: dict[str, str]) -> None:
        assert client.post(path, form).status_code == 302
        assert client.session.session_key not in keys
        assert not client.session.exists(str(keys[-1])), "and the old one is gone"
        keys.append(client.session.session_key)

    client.get("/en/join/")
    has_another_key("/en/try/", {})
    has_another_key("/en/join/", JOIN)
    User.objects.filter(name="Hana").update(must_choose_password=True)
    has_another_key("/en/password/", {"password": "a better one 7"})
    client.post("/en/sign-out/")
    assert not client.session.exists(str(keys[-1]))
    has_another_key("/en/sign-in/", JOIN | {"password": "a better one 7"})
