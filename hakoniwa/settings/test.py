"""What the tests run: the real engine, a database of their own, quick password hashing."""

from .base import *

SECRET_KEY = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
SANDBOX_POOL = env.int("HAKONIWA_POOL", default=0)  # only the tests about it have one
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A test has a client of its own, and none needs to know all static files before it asks for one.
WHITENOISE_AUTOREFRESH = True
