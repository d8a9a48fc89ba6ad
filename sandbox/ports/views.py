"""The panel with a learner's published ports, and the way from there to a port."""

import logging

from django.contrib.auth import aget_user
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hakoniwa.accounts.models import User
from hakoniwa.rate_limits import Limit
from sandbox.errors import EngineAnswerError, SandboxError
from sandbox.services import current_sandbox

from .headers import Place
from .pages import problem_context
from .passes import hand_out, port_number
from .problems import PortProblem
from .published import published_ports

log = logging.getLogger(__name__)

# Each writes to the database.
OPENINGS = Limit("open-port", 60, 60, "person")


@require_safe
async def panel(request: HttpRequest) -> HttpResponse:
    """A fragment: the ports that are published now."""
    user = await aget_user(request)
    if not isinstance(user, User):
        return HttpResponse(status=401)
    sandbox = await current_sandbox(user)
    context: dict[str, object] = {"sandbox": sandbox}
    if sandbox is not None:
        try:
            context["ports"] = await published_ports(sandbox)
        except (EngineAnswerError, SandboxError) as error:
            log.info("ports of sandbox %s: %s", sandbox.pk, error)
            context["engine_lost"] = True
    response = render(request, "sandbox/_published_ports.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
async def open_port(request: HttpRequest) -> HttpResponse:
    """To a port of the learner's own sandbox, in the tab that this is asked in."""
    user = await aget_user(request)
    if not isinstance(user, User):
        return redirect_to_login(request.get_full_path())
    await OPENINGS.aspend(user.pk)
    typed = request.GET.get("port", "").strip()
    try:
        port = port_number(typed)
        token = await hand_out(user, str(request.session.session_key), get_language() or "en")
    except PortProblem as problem:
        context = problem_context(problem, typed[:5])
        return render(request, "sandbox/port_problem.html", context, status=problem.status)
    response = redirect(f"{Place(token, port).path}/")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
