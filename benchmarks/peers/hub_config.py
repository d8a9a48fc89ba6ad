"""JupyterHub whose dockerspawner starts the site's own sandboxes, with the same limits.

    HAKONIWA_PEERS/bin/jupyterhub --config benchmarks/peers/hub_config.py

Left out, in the hub's favour: its proxy, of which it only believes that it has one; and the
notebook server, which the image has not got: a terminado on this machine answers in its place.
"""

import json
import os
from typing import Any

from dockerspawner import DockerSpawner
from jupyterhub.proxy import Proxy

c: Any = get_config()  # type: ignore[name-defined]  # noqa: F821 - the hub's own
asked: dict[str, Any] = json.loads(os.environ["HAKONIWA_HUB"])
limits = asked["container"]["host_config"]


class SandboxSpawner(DockerSpawner):  # type: ignore[misc]
    async def get_command(self) -> None:
        """The image's own."""

    async def get_ip_and_port(self) -> tuple[str, int]:
        return "127.0.0.1", asked["terminado_port"]


class NoProxy(Proxy):  # type: ignore[misc]
    should_start = False
    routes: dict[str, Any] = {}

    async def add_route(self, routespec: str, target: str, data: Any) -> None:
        self.routes[routespec] = {"routespec": routespec, "target": target, "data": data}

    async def delete_route(self, routespec: str) -> None:
        self.routes.pop(routespec, None)

    async def get_all_routes(self) -> dict[str, Any]:
        return self.routes


c.JupyterHub.spawner_class = SandboxSpawner
c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.hub_port = asked["port"]
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.services = [{"name": "benchmark", "api_token": asked["token"]}]
c.JupyterHub.load_roles = [
    {"name": "all", "scopes": ["admin:users", "admin:servers"], "services": ["benchmark"]}
]
c.JupyterHub.log_level = "ERROR"
c.Authenticator.allow_all = True
c.DockerSpawner.image = asked["image"]
c.DockerSpawner.name_template = "hub-{username}"
c.DockerSpawner.network_name = "none"
c.DockerSpawner.use_internal_ip = True
c.DockerSpawner.remove = True
c.DockerSpawner.mem_limit = limits["Memory"]
# It has no other way to say this one, and both at once are refused.
c.DockerSpawner.cpu_limit = limits.pop("NanoCpus") / 1e9
c.DockerSpawner.read_only_volumes = {asked["mirror"]: "/run/hakoniwa"}
c.DockerSpawner.extra_create_kwargs = asked["container"]
