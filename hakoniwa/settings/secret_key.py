"""Where the secret key comes from."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

# Django's own threshold for `check --deploy` (security.W009).
MINIMUM_LENGTH = 50


def secret_key() -> str:
    """The key in HAKONIWA_SECRET_KEY, or in the file that HAKONIWA_SECRET_KEY_FILE names.

    Raises ImproperlyConfigured where there is none, or one that can be guessed.
    """
    env = environ.Env()
    key: str = env.str("HAKONIWA_SECRET_KEY", default="")
    if path := env.str("HAKONIWA_SECRET_KEY_FILE", default=""):
        key = Path(path).read_text().strip()
    if len(key) < MINIMUM_LENGTH or len(set(key)) < 5:
        raise ImproperlyConfigured(
            "Hakoniwa needs a secret key of at least 50 characters. Set HAKONIWA_SECRET_KEY_FILE "
            "to a file that holds one; `./classroom up` makes it by itself."
        )
    return key
