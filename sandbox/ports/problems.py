"""Why a port can't be shown; each is a page for the learner."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


class PortProblem(Exception):
    """`title` says what happened, `advice` what to do next; `{port}` in them is the port asked for.

    The exception's own text is the operator's detail.
    """

    status = 502
    title: Sentence = _("Port {port} can't be shown")
    advice: Sequence[Sentence] = (_("Try again; if it happens again, tell your instructor."),)


class NothingListens(PortProblem):
    title = _("Nothing answers on port {port}")
    advice = (
        _(
            "Run “docker ps” in the terminal: the PORTS column of your container should say "
            "“0.0.0.0:{port}”."
        ),
        _(
            "Is the column empty? A port is published when a container is started: "
            "“docker run -d -p {port}:80 nginx”."
        ),
        _(
            "Is it there? Then the server in the container may need a moment, or has ended: "
            "“docker logs” and the container's name show what it said."
        ),
    )


class NotHttp(PortProblem):
    title = _("What listens on port {port} does not answer as a web server does")
    advice = (
        _(
            "A browser can show web servers only. For a database, use its own program in the "
            "terminal, such as “docker exec -it NAME redis-cli”."
        ),
        _("Is it a web server? “docker logs” and the container's name show what it said."),
    )


class BrokenAnswer(PortProblem):
    title = _("The answer from port {port} broke off")
    advice = (_("“docker logs” and the container's name show what the server said. Try again."),)


class TooSlow(PortProblem):
    status = 504
    title = _("Port {port} took too long to answer")
    advice = (
        _("“docker logs” and the container's name show what the server is doing. Try again."),
    )


class TooManyConnections(PortProblem):
    status = 503
    title = _("Your ports have too many open connections")
    advice = (_("Close tabs that show your ports, wait a moment and try again."),)


class TooLarge(PortProblem):
    status = 413
    title = _("That is too much to send to port {port}")
    advice = (_("At most 16 MiB can be sent at once. Put larger files into the image instead."),)


class NoSuchPort(PortProblem):
    status = 400
    title = _("There is no such port")
    advice = (_("A port is a number from 1 to 65535, such as 8080."),)


class NoSandbox(PortProblem):
    status = 404
    title = _("You have no sandbox at the moment")
    advice = (_("Open a lesson; its terminal gets you one. Then publish the port again."),)


class PassEnded(PortProblem):
    status = 404
    title = _("This address does not work any more")
    advice = (
        _(
            "It belonged to a sandbox or to a sign-in that has ended. Open the port again from the "
            "“Ports” panel above the terminal."
        ),
    )


class NotYours(PortProblem):
    status = 403
    title = _("This address works only for whoever opened it")
    advice = (
        _(
            "If it is yours, sign in with the browser that you opened it with, and open the port "
            "again from the “Ports” panel above the terminal."
        ),
    )


class Refused(PortProblem):
    status = 405
    title = _("That can't be asked of a port")
    advice = (_("Open the port again from the “Ports” panel above the terminal."),)
