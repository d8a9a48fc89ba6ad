"""Every page in both languages, and what it says when something is wrong."""

import gzip
import re

import pytest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries as Queries
from pytest_django.fixtures import Settings

from hakoniwa import views
from hakoniwa.accounts.models import User
from lessons.catalogue import enrol
from lessons.models import Lesson, TaskPass

pytestmark = pytest.mark.django_db

PAGES = [
    "",
    "lessons/",
    "lessons/docker-run/",
    "lessons/throwaway-containers/",
    "join/",
    "sign-in/",
]
JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_anybody_can_read_the_open_pages(
    client: Client, lessons: None, language: str, page: str
) -> None:
    response = client.get(f"/{language}/{page}", follow=True)
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in html
    assert "<noscript>" in html
    other = "en" if language == "ja" else "ja"
    here = response.request["PATH_INFO"]
    assert f'href="/{other}/{here.split("/", 2)[2]}"' in html, "the switch keeps the place"


@pytest.mark.parametrize("path", ["/en/", "/ja/nowhere/", "/favicon.ico", "/static/favicon.svg"])
@pytest.mark.parametrize("host", ["testserver", "evil.example"])
def test_every_answer_tells_browsers_what_it_may_hold(
    client: Client, lessons: None, path: str, host: str
) -> None:
    headers = client.get(path, headers={"host": host}).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("page", PAGES)
def test_the_english_pages_hold_no_japanese_that_is_not_marked_as_such(
    client: Client, lessons: None, page: str
) -> None:
    html = client.get(f"/en/{page}", follow=True).content.decode()
    english = re.sub(r'<(a|span)\b[^>]*lang="ja".*?</\1>', "", html, flags=re.S)
    assert set(JAPANESE.findall(english)) <= set("日本語箱庭")


@pytest.mark.parametrize("page", ["", "lessons/"])
def test_more_lessons_take_no_more_queries(
    client: Client, lessons: None, learner: User, page: str, django_assert_max_num_queries: Queries
) -> None:
    client.force_login(learner)
    enrol(learner, Lesson.objects.all()[0].versions.latest("number"))
    assert Lesson.objects.count() > 10
    with django_assert_max_num_queries(10):
        client.get(f"/en/{page}")


def test_pages_are_sent_compressed_to_whoever_can_read_that(client: Client, lessons: None) -> None:
    plain = client.get("/en/lessons/")
    packed = client.get("/en/lessons/", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert gzip.decompress(packed.content)[:15] == plain.content[:15]


def test_the_bare_address_leads_to_the_visitors_language(client: Client) -> None:
    japanese = client.get("/", headers={"accept-language": "ja,en;q=0.5"})
    assert japanese.headers["Location"] == "/ja/"
    assert client.get("/", headers={"accept-language": "de"}).headers["Location"] == "/en/"


def test_a_lesson_goes_on_where_the_learner_left_off(
    signed_in: Client, learner: User, lessons: None
) -> None:
    version = Lesson.objects.get(slug="docker-run").versions.latest("number")
    first, second = [step for step in version.content.steps if step.tasks][:2]
    assert signed_in.get("/ja/lessons/docker-run/").headers["Location"].endswith(f"/{first.id}/")
    place = enrol(learner, version)
    for task in first.tasks:
        TaskPass.objects.create(enrolment=place, task=task.id)
    assert signed_in.get("/ja/lessons/docker-run/").headers["Location"].endswith(f"/{second.id}/")


def test_progress_is_shown_in_the_list(signed_in: Client, learner: User, lessons: None) -> None:
    version = Lesson.objects.get(slug="docker-run").versions.latest("number")
    TaskPass.objects.create(
        enrolment=enrol(learner, version), task=next(version.content.tasks()).id
    )
    card = signed_in.get("/en/lessons/").context["lessons"][0]
    assert (card.slug, card.done, card.state) == ("docker-run", 1, "started")


@pytest.mark.parametrize(
    "path",
    ["lessons/nothing/", "lessons/docker-run/nothing/", "nowhere/", "lessons/%00/", "a" * 3000],
)
def test_what_is_not_there_is_said_in_the_persons_language(
    client: Client, lessons: None, path: str
) -> None:
    english = client.get(f"/en/{path}", follow=True)
    japanese = client.get(f"/ja/{path}", follow=True)
    assert english.status_code == japanese.status_code == 404
    assert '<html lang="en"' in english.content.decode()
    assert '<html lang="ja"' in japanese.content.decode()
    assert 'href="/ja/lessons/"' in japanese.content.decode(), "a way on"
    assert 'hreflang="en"' in japanese.content.decode(), "and the other language"


def test_a_form_that_stood_open_too_long_is_explained() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/ja/join/", {})
    assert response.status_code == 403
    assert JAPANESE.search(response.content.decode())


def test_an_error_of_ours_still_gives_a_page(
    client: Client, lessons: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("lessons.pages.lesson_cards", broken)
    client.raise_request_exception = False
    response = client.get("/ja/")
    assert response.status_code == 500
    assert JAPANESE.search(response.content.decode())
    assert "secret detail" not in response.content.decode()


def test_the_500_page_needs_neither_database_nor_session(rf: RequestFactory) -> None:
    assert views.server_error(rf.get("/en/")).status_code == 500


def test_the_page_says_which_images_are_stand_ins(
    client: Client, lessons: None, settings: Settings, tmp_path: object
) -> None:
    listed = f"{tmp_path}/images.json"
    settings.SANDBOX_IMAGE_LIST = listed
    with open(listed, "w") as file:  # noqa: PTH123
        file.write('[{"reference": "ubuntu:latest", "stand_in": true}]')
    page = client.get("/en/lessons/docker-run/", follow=True)
    assert page.context["stand_ins"] == ["ubuntu"]
    assert "stand-in" in page.content.decode()
    with open(listed, "w") as file:  # noqa: PTH123
        file.write('[{"reference": "ubuntu:latest", "stand_in": false}]')
    page = client.get("/en/lessons/docker-run/", follow=True)
    assert page.context["stand_ins"] == []


def test_a_beginner_comes_to_what_is_to_be_read_first(client: Client, lessons: None) -> None:
    assert client.get("/en/lessons/free-play/")["Location"].endswith("/free-play/rules/")
