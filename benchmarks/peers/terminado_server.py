"""terminado with `docker exec -it`: each websocket is a shell in the container that it names.

    HAKONIWA_PEERS/bin/python benchmarks/peers/terminado_server.py PORT

/ws/CONTAINER is a login shell, /ws/CONTAINER/SESSION the same in a tmux, through the launcher that
the site uses too.
"""

import asyncio
import logging
import os
import sys
from typing import Any

import tornado.web
from terminado import TermSocket, UniqueTermManager

DOCKER = ["docker", "--host", os.environ["HAKONIWA_ENGINE"], "exec", "--interactive", "--tty"]
STUDENT = ["--user", "student", "--env", "TERM=xterm-256color", "--env", "LANG=en_US.UTF-8"]


class SandboxShells(UniqueTermManager):  # type: ignore[misc]
    def get_terminal(self, url_component: Any = None) -> Any:
        container, _slash, session = str(url_component).partition("/")
        shell = ["hakoniwa-terminal", session] if session else ["bash", "--login"]
        terminal = self.new_terminal(shell_command=[*DOCKER, *STUDENT, container, *shell])
        self.start_reading(terminal)
        return terminal


async def main(port: int) -> None:
    logging.disable(logging.WARNING)  # whoever looks whether it is there gets a 404
    manager = SandboxShells(shell_command=[])
    terminals = (r"/ws/(.+)", TermSocket, {"term_manager": manager})
    tornado.web.Application([terminals]).listen(port, "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
