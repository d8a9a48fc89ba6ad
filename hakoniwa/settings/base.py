"""What every way of running Hakoniwa shares; everything changeable comes from the environment."""

import os
from datetime import timedelta
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _
from docker.utils import parse_bytes

from .networks import networks
from .trusted_proxies import trusted_proxies

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
STATE_DIR = Path(env.str("HAKONIWA_STATE_DIR", default=str(BASE_DIR / ".cache")))

DEBUG = False
ALLOWED_HOSTS = env.list("HAKONIWA_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# Where people open the site, for commands that print a page's address; "" where nobody knows.
SITE_ADDRESS = env.str("HAKONIWA_ADDRESS", default="").rstrip("/")

# Nobody's X-Forwarded-… is believed unless they are named here.
TRUSTED_PROXIES = trusted_proxies(env.list("HAKONIWA_TRUSTED_PROXIES", default=[]))

INSTALLED_APPS = [
    "daphne",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "hakoniwa.static_files.StaticFiles",
    "channels",
    "axes",
    "hakoniwa.accounts",
    "sandbox",
    "lessons",
]

MIDDLEWARE = [
    "hakoniwa.client_address.ForwardedHeaders",
    "django.middleware.security.SecurityMiddleware",
    # Around all that may answer.
    "hakoniwa.content_security.ContentSecurity",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hakoniwa.compressed_pages.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hakoniwa.accounts.middleware.ChoosePasswordFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hakoniwa.too_often.AnswerTooOften",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "hakoniwa.urls"
ASGI_APPLICATION = "hakoniwa.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hakoniwa.context.site",
            ],
        },
    },
]

DATABASES = {
    "default": env.db_url("HAKONIWA_DATABASE_URL", default=f"sqlite:///{STATE_DIR / 'db.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets a page be read while a task is being ticked; IMMEDIATE makes two writers wait for
    # each other instead of failing with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("HAKONIWA_REDIS_URL", default="")
# channels_redis waits five seconds for a message; redis-py by itself gives up after as many and
# so ends every websocket on which nothing happens.
REDIS_HOST = {"address": REDIS_URL, "socket_timeout": 30, "socket_connect_timeout": 5}
CHANNEL_LAYERS = {
    "default": (
        {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [REDIS_HOST]}}
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            # Many more than a class fills: who counts must not be pushed out by those who flood.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    )
}

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # lets nobody try who has to wait
    "django.contrib.auth.backends.ModelBackend",
]
# A name is locked for one address: a stranger elsewhere can't keep its owner out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Counts in the cache, not in the database: no addresses of pupils are kept.
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_CLIENT_IP_CALLABLE = "hakoniwa.client_address.client_address"
AXES_LOCKOUT_CALLABLE = "hakoniwa.accounts.lock_out.locked_out"
AXES_VERBOSE = False
# W001: a process's own memory counts for that process only. Without Redis there is one.
SILENCED_SYSTEM_CHECKS = ["axes.W001"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "lesson-list"

LANGUAGE_CODE = "en"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = env.str("TZ", default="Asia/Tokyo")

STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
# What npm installed is served from where npm put it: nothing is copied into the repository.
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/xterm", NODE_MODULES / "@xterm/xterm/lib"),
    ("vendor/xterm-css", NODE_MODULES / "@xterm/xterm/css"),
    ("vendor/addon-fit", NODE_MODULES / "@xterm/addon-fit/lib"),
    ("vendor/addon-search", NODE_MODULES / "@xterm/addon-search/lib"),
    ("vendor/addon-unicode11", NODE_MODULES / "@xterm/addon-unicode11/lib"),
    ("vendor/addon-web-links", NODE_MODULES / "@xterm/addon-web-links/lib"),
    ("vendor/addon-webgl", NODE_MODULES / "@xterm/addon-webgl/lib"),
    ("vendor/htmx", NODE_MODULES / "htmx.org/dist"),
    ("vendor/htmx-ext-ws", NODE_MODULES / "htmx-ext-ws/dist"),
]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "hakoniwa.npm_modules.NpmModules",
]
# The studio's editor, and what it imports in turn.
NPM_MODULES = [
    "@codemirror/autocomplete",
    "@codemirror/commands",
    "@codemirror/lang-yaml",
    "@codemirror/language",
    "@codemirror/lint",
    "@codemirror/search",
    "@codemirror/state",
    "@codemirror/streamparser",
    "@codemirror/view",
    "@lezer/common",
    "@lezer/highlight",
    "@lezer/lr",
    "@lezer/markdown",
    "@lezer/yaml",
    "@marijn/find-cluster-break",
    "crelt",
    "style-mod",
    "w3c-keyname",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hakoniwa.static_files.HashedStaticFiles"},
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "hakoniwa.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"axes": {"level": "WARNING"}},  # not every sign-in, but every name locked
}

# --- The classroom -----------------------------------------------------------------------------
GUESTS_WELCOME = env.bool("HAKONIWA_GUESTS", default=True)
# In ten minutes. A class that comes in one minute has one address.
GUESTS_PER_ADDRESS = env.int("HAKONIWA_GUESTS_PER_ADDRESS", default=60)

SANDBOX_ENGINE = env.str("HAKONIWA_ENGINE", default="")
SANDBOX_SITE = env.str("HAKONIWA_SITE", default="hakoniwa")
SANDBOX_IMAGE = env.str("HAKONIWA_SANDBOX_IMAGE", default="hakoniwa/sandbox:latest")
SANDBOX_MIRROR_DIR = env.str("HAKONIWA_MIRROR_DIR", default="")
SANDBOX_IMAGE_LIST = env.str("HAKONIWA_IMAGE_LIST", default="")
SANDBOX_MEMORY = env.str("HAKONIWA_SANDBOX_MEMORY", default="1g")
# What a lesson may ask for instead.
SANDBOX_MEMORY_MOST = env.str("HAKONIWA_SANDBOX_MEMORY_MOST", default="2g")
# Of this many processors' time; two are plenty for a lesson, and more is no use to a fork bomb.
SANDBOX_CPUS = env.float("HAKONIWA_SANDBOX_CPUS", default=min(2, os.cpu_count() or 1))
# Another runtime for sandboxes, such as sysbox-runc or kata, where the engine has it.
SANDBOX_RUNTIME = env.str("HAKONIWA_RUNTIME", default="")
# What the sandbox engine gives each as its disk, sparse; the engine reads the same variable.
SANDBOX_DISK = env.str("HAKONIWA_SANDBOX_DISK", default="4g")
# Where the sandbox engine keeps its data: its free space limits how many there may be.
SANDBOX_DATA_DIR = env.str("HAKONIWA_ENGINE_DATA", default="/var/lib")
# Whether instructors may let their classes out, and what is not the internet although it has public
# addresses, such as the school's own network.
INTERNET = env.bool("HAKONIWA_INTERNET", default=False)
INTERNET_EXCEPT = networks(
    "HAKONIWA_INTERNET_EXCEPT", env.list("HAKONIWA_INTERNET_EXCEPT", default=[])
)
SANDBOX_POOL = env.int("HAKONIWA_POOL", default=2)  # engines that wait for somebody
SANDBOX_MAX = env.int("HAKONIWA_MAX_SANDBOXES", default=0)  # 0: by the memory
SANDBOX_IDLE_MINUTES = env.int("HAKONIWA_SANDBOX_IDLE_MINUTES", default=60)
SANDBOX_MAX_MINUTES = env.int("HAKONIWA_SANDBOX_MAX_MINUTES", default=240)
# By how much a learner may put that off, in all.
SANDBOX_EXTEND_MINUTES = env.int("HAKONIWA_SANDBOX_EXTEND_MINUTES", default=300)
# What is kept of a learner's ~/work: the archive's size, and for how long after its last change.
WORK_MAX = int(parse_bytes(env.str("HAKONIWA_WORK_MAX", default="20m")))
WORK_DAYS = env.int("HAKONIWA_WORK_DAYS", default=90)
