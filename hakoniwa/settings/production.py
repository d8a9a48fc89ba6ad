"""A classroom behind TLS. Refuses to start with an unsafe setting."""

from django.core.exceptions import ImproperlyConfigured

from .base import *
from .base import env
from .secret_key import secret_key
from .trusted_proxies import trusted_proxies

SECRET_KEY = secret_key()

if not env.list("HAKONIWA_ALLOWED_HOSTS", default=[]) or any(
    host in {"*", "."} or (host.startswith(".") and "." not in host[1:]) for host in ALLOWED_HOSTS
):
    raise ImproperlyConfigured(
        "Name the site's own host names in HAKONIWA_ALLOWED_HOSTS, separated by commas; "
        "'*' or a whole top-level domain would let any site pose as this one."
    )
if not SANDBOX_ENGINE.startswith("unix://"):
    raise ImproperlyConfigured(
        "HAKONIWA_ENGINE must be the unix socket of the dedicated sandbox engine "
        "(unix:///run/hakoniwa/…/engine.sock); `./classroom engine` prints it."
    )

# The proxy that ends TLS, on this machine unless another is named.
TRUSTED_PROXIES = trusted_proxies(
    env.list("HAKONIWA_TRUSTED_PROXIES", default=["127.0.0.1", "::1"])
)
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("HAKONIWA_HSTS_SECONDS", default=365 * 24 * 3600)
if SECURE_HSTS_SECONDS < 60:
    raise ImproperlyConfigured(
        "HAKONIWA_HSTS_SECONDS must be 60 or more; for a try 3600 is short enough."
    )
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Browsers take such a name from this very host over HTTPS only: no page on a neighbouring host
# (a learner's own, say) can plant a session or a token (RFC 6265bis, section 4.1.3.2).
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
