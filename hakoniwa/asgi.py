"""HTTP to Django; websockets to the terminal and the lesson's live channel."""

import os
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hakoniwa.settings.local")
django_application = get_asgi_application()

# Only now that Django is set up may our own modules be imported.
from hakoniwa.bounded_input import BoundedInput  # noqa: E402
from hakoniwa.same_origin import SameOrigin  # noqa: E402
from lessons.consumers import LessonConsumer  # noqa: E402
from lessons.studio.prove_consumer import ProofConsumer  # noqa: E402
from sandbox.consumers import TerminalConsumer  # noqa: E402
from sandbox.ports.application import port_application  # noqa: E402
from sandbox.ports.consumers import PortConsumer  # noqa: E402
from sandbox.standing_consumer import StandingConsumer  # noqa: E402

# Typed for views; channels routes its own applications with the same patterns.
websockets: list[Any] = [
    re_path(
        r"^ws/(?P<language>ja|en)/sandboxes/(?P<sandbox_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
        r"/terminals/(?P<name>main|[2-6])/$",
        TerminalConsumer.as_asgi(),  # type: ignore[arg-type]
        name="terminal",
    ),
    re_path(
        r"^ws/(?P<language>ja|en)/sandbox/$",
        StandingConsumer.as_asgi(),  # type: ignore[arg-type]
        name="standing",
    ),
    re_path(
        r"^ws/(?P<language>ja|en)/lessons/(?P<slug>[a-z0-9-]+)/(?P<step_id>[a-z0-9-]+)/$",
        LessonConsumer.as_asgi(),  # type: ignore[arg-type]
        name="lesson-live",
    ),
    re_path(
        r"^ws/(?P<language>ja|en)/studio/(?P<draft_slug>[a-z0-9-]+)/prove/$",
        ProofConsumer.as_asgi(),  # type: ignore[arg-type]
        name="proof",
    ),
]

# A learner's own pages: no session, no middleware and no origin of the site's.
PORTS = r"^ports/(?P<token>[0-9a-f]{40})/(?P<port>[^/]*)(?:/|$)"
ours: Any = BoundedInput(SameOrigin(AuthMiddlewareStack(URLRouter(websockets))))
pages: list[Any] = [re_path(PORTS, port_application), re_path("", django_application)]  # type: ignore[arg-type]
sockets: list[Any] = [re_path(PORTS, PortConsumer.as_asgi()), re_path("", ours)]  # type: ignore[arg-type]

application = ProtocolTypeRouter({"http": URLRouter(pages), "websocket": URLRouter(sockets)})
