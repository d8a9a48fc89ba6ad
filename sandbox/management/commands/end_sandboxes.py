"""Ends every sandbox of this site, for an operator whose site stays open."""

from typing import Any

from asgiref.sync import async_to_sync
from django.core.management.base import BaseCommand

from sandbox import containers
from sandbox.endings import Ending
from sandbox.models import Sandbox
from sandbox.services import end


class Command(BaseCommand):
    help = "End every sandbox of this site and remove all that is in them."

    def handle(self, *args: Any, **options: Any) -> None:
        # Listed first: whoever waits in the queue gets a sandbox while these end.
        found = list(containers.containers_of_this_site())
        for sandbox in Sandbox.objects.filter(state__in=Sandbox.LIVE):
            async_to_sync(end)(sandbox, Ending.CLOSED)
        for container in found:
            containers.remove_container(container)
