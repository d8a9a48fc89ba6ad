"""Who may see a sandbox's ports: a pass is handed out behind the login, and redeemed at a port."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from channels.auth import get_user
from django.conf import settings

from hakoniwa.accounts.models import User
from sandbox.models import PortPass, Sandbox
from sandbox.services import current_sandbox

from .problems import NoSandbox, NoSuchPort, PassEnded

PORTS = range(1, 65536)


@dataclass(frozen=True)
class Admission:
    """A pass that is worth something: both its sandbox and its session are alive."""

    sandbox: Sandbox
    learner: User
    session: Any


def port_number(text: str) -> int:
    """Raises NoSuchPort."""
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) in PORTS:
        return int(text)
    raise NoSuchPort(text[:20])


async def hand_out(learner: User, session_key: str, language: str) -> str:
    """A token for the ports of the learner's sandbox, for as long as this session lasts.

    Raises NoSandbox.
    """
    sandbox = await current_sandbox(learner)
    if sandbox is None:
        raise NoSandbox(str(learner.pk))
    await PortPass.objects.exclude(sandbox__state=Sandbox.State.CLAIMED).adelete()
    port_pass, _new = await PortPass.objects.aupdate_or_create(
        sandbox=sandbox, session_key=session_key, defaults={"language": language}
    )
    return port_pass.token


async def language_of(token: str) -> str | None:
    """The language in which a pass was handed out, be it worth something or not."""
    return await PortPass.objects.filter(token=token).values_list("language", flat=True).afirst()


async def redeem(token: str) -> Admission:
    """Raises PassEnded where the sandbox or the session has ended, or is somebody else's now."""
    port_pass = (
        await PortPass.objects.select_related("sandbox")
        .filter(token=token, sandbox__state=Sandbox.State.CLAIMED)
        .afirst()
    )
    if port_pass is None:
        raise PassEnded("no such pass")
    session = import_module(settings.SESSION_ENGINE).SessionStore(port_pass.session_key)
    browser: Any = {"session": session}
    learner = await get_user(browser)
    if not isinstance(learner, User) or learner.pk != port_pass.sandbox.owner_id:
        raise PassEnded("the session has ended")
    return Admission(port_pass.sandbox, learner, session)
