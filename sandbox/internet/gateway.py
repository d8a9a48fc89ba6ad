"""The proxy: lets a sandbox of a class that has the internet connect to it, and to nothing else.

It listens on a unix socket in the folder that every sandbox has, read-only. Who connects is what
the kernel says (SO_PEERCRED, unix(7)): each sandbox has host ids of its own.
"""

import asyncio
import contextlib
import logging
import socket
import struct
from pathlib import Path

import h11
from asgiref.sync import sync_to_async

from .addresses import public_addresses_of
from .asking import Asked, read_asked
from .permission import Permission, first_id_of
from .refusals import Refused
from .relaying import relay
from .visits import CONNECTION_COSTS, MOST_CONNECTIONS, Lane, Visit

log = logging.getLogger(__name__)

# How long a change of what is allowed may take to be noticed, by connections that are open, too.
REFRESH_SECONDS = 2.0
HEAD_SECONDS = 5.0
CONNECT_SECONDS = 5.0
# Twice this is kept for a connection and direction; see asyncio.StreamReader.
BUFFER = 32 * 1024
NOT_ALLOWED = "the internet is off here; your instructor can switch it on for your class"


class Gateway:
    """Serves until it is cancelled."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._permission = Permission()
        self._lanes: dict[int, Lane] = {}
        self._visits: set[Visit] = set()

    async def serve(self) -> None:
        """Raises OSError where it can't listen."""
        self._path.unlink(missing_ok=True)
        await self._refresh()
        server = await asyncio.start_unix_server(self._come, self._path, limit=BUFFER)
        # The sandboxes' root is somebody else on this machine, who must be able to connect.
        self._path.chmod(0o666)
        try:
            while True:
                await asyncio.sleep(REFRESH_SECONDS)
                await self._refresh()
                self._end_what_has_to()
        finally:
            server.close()
            self._path.unlink(missing_ok=True)

    async def _refresh(self) -> None:
        try:
            await sync_to_async(self._permission.refresh)()
        except Exception:
            log.exception("who has the internet can't be told, so nobody has it for now")
            self._permission.forget()

    def _end_what_has_to(self) -> None:
        for visit in self._visits:
            if self._permission.sandbox_of(visit.lane.first_id) != visit.sandbox_id:
                visit.end("not allowed any more")
            elif reason := visit.overdue():
                visit.end(reason)

    async def _come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first_id = first_id_of(_peer_uid(writer))
        if first_id is None:
            writer.transport.abort()
            return
        lane = self._lanes.setdefault(first_id, Lane(first_id))
        if lane.open >= MOST_CONNECTIONS:
            writer.write(Refused(503, f"{MOST_CONNECTIONS} connections are open").answer())
            writer.close()
            return
        lane.open += 1
        try:
            await self._answer(lane, reader, writer)
        except (OSError, EOFError, TimeoutError):
            pass  # it has gone, or said nothing
        except asyncio.CancelledError:
            pass  # ended by us; the log says why
        except Exception:
            log.exception("a connection out of a sandbox ended")
        finally:
            lane.open -= 1
            writer.transport.abort()

    async def _answer(
        self, lane: Lane, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await lane.pace.carry(CONNECTION_COSTS)
        http = h11.Connection(h11.SERVER, max_incomplete_event_size=16 * 1024)
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                asked = await read_asked(reader, http)
            await self._let_out(lane, asked, http, (reader, writer))
        except Refused as refused:
            who = self._permission.sandbox_of(lane.first_id) or f"with ids from {lane.first_id}"
            log.info("sandbox %s refused: %s", who, refused.reason)
            writer.write(refused.answer())
            writer.close()
            async with asyncio.timeout(HEAD_SECONDS):
                await writer.wait_closed()

    async def _let_out(
        self,
        lane: Lane,
        asked: Asked,
        http: h11.Connection,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        """Raises Refused."""
        sandbox_id = self._permission.sandbox_of(lane.first_id)
        task = asyncio.current_task()
        if sandbox_id is None or task is None:
            raise Refused(403, NOT_ALLOWED)
        visit = Visit(sandbox_id, lane, f"{asked.host}:{asked.port}", task)
        server = await _connect(asked, lane)
        self._visits.add(visit)
        try:
            await relay(visit, asked, http, client, server)
        finally:
            self._visits.discard(visit)
            server[1].transport.abort()
            log.info("%s", visit)


async def _connect(asked: Asked, lane: Lane) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Raises Refused."""
    for address in await public_addresses_of(asked.host, lane.lookups):
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(CONNECT_SECONDS):
                return await asyncio.open_connection(str(address), asked.port, limit=BUFFER)
    raise Refused(502, f"{asked.host} does not answer")


def _peer_uid(writer: asyncio.StreamWriter) -> int:
    peer: socket.socket = writer.get_extra_info("socket")
    credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", credentials)
    return int(uid)
