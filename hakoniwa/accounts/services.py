"""Coming in: as a guest, with a class code, or as an instructor."""

import secrets

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from hakoniwa.client_address import client_address
from hakoniwa.rate_limits import Limit

from .models import Cohort, User, normalise_code, normalise_name
from .sessions import guest_left, tell_session

# Several classes behind one address may come at once. Each try costs a hash, or may be a guess.
SIGN_INS = Limit("sign-in", 300, 600, "address")
JOINS = Limit("join", 300, 600, "address")
# From wherever: somebody with many addresses is not served by having them.
SIGN_INS_TO_ACCOUNT = Limit("sign-in-to-account", 100, 3600, "account")


class AccountError(Exception):
    """Something a person can put right; its text is a sentence for that person.

    `field` names the form field it is about.
    """

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def start_guest(request: HttpRequest) -> User:
    """Make a guest and sign them in, so that they can try a lesson at once.

    Raises TooOften.
    """
    guests = Limit("guest", settings.GUESTS_PER_ADDRESS, 600, "address")
    guests.spend(client_address(request))
    guest = User.objects.create(
        username=f"guest:{secrets.token_hex(12)}", name=_("Guest"), role=User.Role.GUEST
    )
    guest.set_unusable_password()
    guest.save()
    _sign_in_as(request, guest)
    return guest


def join_class(request: HttpRequest, code: str, name: str, password: str) -> User:
    """Make a learner of the class with this code and sign them in.

    A guest who is signed in becomes that learner and so keeps sandbox and progress.
    Raises AccountError for a wrong code or a name already taken in the class, and TooOften.
    """
    JOINS.spend(client_address(request))
    cohort = _cohort_with(code)
    learner = _guest(request) or User()
    learner.role = User.Role.LEARNER
    learner.cohort = cohort
    learner.name = " ".join(name.split())
    learner.username = cohort.username_for(name)
    learner.set_password(password)
    try:
        with transaction.atomic():
            learner.save()
    except IntegrityError:
        if learner.pk:  # the guest, who is still one
            learner.refresh_from_db()
        raise AccountError(
            "name",
            _(
                "Somebody in this class already uses that name. Add a letter or number to yours, "
                "or sign in if it is you."
            ),
        ) from None
    _sign_in_as(request, learner)
    return learner


def sign_in(request: HttpRequest, code: str, name: str, password: str) -> User:
    """Sign a learner in with class code and name, or an instructor with no code.

    Raises AccountError without telling which of name and password was wrong, and TooOften.
    """
    SIGN_INS.spend(client_address(request))
    username = _cohort_with(code).username_for(name) if code.strip() else normalise_name(name)
    SIGN_INS_TO_ACCOUNT.spend(username)
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        raise AccountError(
            "password",
            _("That name and password do not match. Check both, or ask your instructor to help."),
        )
    _sign_in_as(request, user)
    return user


def choose_password(request: HttpRequest, user: User, password: str) -> None:
    """Replace a one-time password by one of the person's own; they stay signed in."""
    user.set_password(password)
    user.must_choose_password = False
    user.save()
    _sign_in_as(request, user)


def open_class(instructor: User, name: str) -> Cohort:
    """Make a class with a code of its own."""
    return Cohort.objects.create(name=name, instructor=instructor)


def switch_internet(cohort: Cohort, *, on: bool) -> None:
    """Whether the class's sandboxes may use the internet; the gateway notices within seconds."""
    cohort.internet = on
    cohort.save(update_fields=["internet"])


def create_first_instructor() -> tuple[User, str, Cohort] | None:
    """The instructor of a new site, a one-time password and a first class; None if there is one."""
    with transaction.atomic():
        if User.objects.filter(role=User.Role.INSTRUCTOR).exists():
            return None
        password = secrets.token_urlsafe(12)
        instructor = User(
            username="instructor",
            name="instructor",
            role=User.Role.INSTRUCTOR,
            must_choose_password=True,
        )
        instructor.set_password(password)
        instructor.save()
        return instructor, password, open_class(instructor, _("First class"))


def _guest(request: HttpRequest) -> User | None:
    user = request.user
    return user if isinstance(user, User) and user.is_guest else None


def sign_out(request: HttpRequest) -> None:
    """Forget who it was, in every tab of this browser."""
    before, key = request.user, request.session.session_key
    logout(request)
    _say_goodbye(before, key)


def _sign_in_as(request: HttpRequest, user: User) -> None:
    """The session gets a new key; tabs of the same person go on, another's are closed."""
    before, key = request.user, request.session.session_key
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    if before == user:
        request.session.save()  # it has no key before
        tell_session(key, str(request.session.session_key))
    else:
        _say_goodbye(before, key)


def _say_goodbye(person: User | AnonymousUser, session_key: str | None) -> None:
    tell_session(session_key)
    if isinstance(person, User) and person.is_guest:
        guest_left.send(sender=User, guest=person)


def _cohort_with(code: str) -> Cohort:
    try:
        return Cohort.objects.get(code=normalise_code(code))
    except Cohort.DoesNotExist:
        raise AccountError(
            "code",
            _("No class has this code. Check it with your instructor; it looks like K7QM-4FXT."),
        ) from None
