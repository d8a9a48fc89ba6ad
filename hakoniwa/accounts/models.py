"""The people of a classroom, and the classes they belong to."""

import secrets
import unicodedata

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

# No letter or digit that is read for another when written on a blackboard (0/O, 1/I/L, 2/Z …).
CODE_ALPHABET = "ABCDEFGHJKMNPQRTUVWXY346789"
LONGEST_USERNAME = 150


def make_class_code() -> str:
    """A code such as ``K7QM-4FXT``: 27^8 possibilities, too many to guess."""
    letters = [secrets.choice(CODE_ALPHABET) for _position in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def normalise_code(typed: str) -> str:
    """The code as we keep it, however it was typed: full-width, small letters, no hyphen."""
    kept = [c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum()]
    return "".join(kept[:4]) + "-" + "".join(kept[4:])


def normalise_name(typed: str) -> str:
    """The form in which two spellings of one name are the same name."""
    return " ".join(unicodedata.normalize("NFKC", typed).casefold().split())


class Cohort(models.Model):
    """A class: the learners who joined with one code."""

    name = models.CharField(max_length=80)
    code = models.CharField(max_length=9, unique=True, default=make_class_code)
    instructor = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="taught_cohorts"
    )
    # Whether its sandboxes may use the internet, where the operator offers it.
    internet = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name

    def username_for(self, name: str) -> str:
        """The unique user name behind a person's own name, which is unique in the class only."""
        # Normalised, one character may become eighteen; PostgreSQL refuses what doesn't fit.
        return f"{self.pk}:{normalise_name(name)}"[:LONGEST_USERNAME]


class User(AbstractBaseUser):
    """Somebody who is here: a guest, a learner or an instructor."""

    class Role(models.TextChoices):
        GUEST = "guest", _("Guest")
        LEARNER = "learner", _("Learner")
        INSTRUCTOR = "instructor", _("Instructor")

    username = models.CharField(max_length=LONGEST_USERNAME, unique=True)
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=12, choices=Role, default=Role.GUEST)
    cohort = models.ForeignKey(
        Cohort, null=True, blank=True, on_delete=models.SET_NULL, related_name="learners"
    )
    must_choose_password = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = BaseUserManager()

    def __str__(self) -> str:
        return self.name

    @property
    def is_guest(self) -> bool:
        return self.role == self.Role.GUEST

    @property
    def is_instructor(self) -> bool:
        return self.role == self.Role.INSTRUCTOR
