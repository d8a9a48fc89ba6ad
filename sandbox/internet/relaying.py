"""Bytes between a sandbox and a server, in pieces, no faster than either takes them."""

import asyncio

import h11

from .asking import Asked
from .visits import Visit

PIECE = 32 * 1024
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def relay(
    visit: Visit, asked: Asked, http: h11.Connection, client: Ends, server: Ends
) -> None:
    """Until the server has said all, or either is gone."""
    if asked.head is None:
        client[1].write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        server[1].write(http.trailing_data[0])
        up = asyncio.create_task(_pump(visit, client[0], server[1], sent=True))
    else:
        up = asyncio.create_task(_send_page(visit, asked.head, http, client[0], server[1]))
    try:
        await _pump(visit, server[0], client[1], sent=False)
        async with asyncio.timeout(10):
            client[1].close()
            await client[1].wait_closed()
    finally:
        up.cancel()
        await asyncio.wait([up])


async def _pump(
    visit: Visit, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, sent: bool
) -> None:
    try:
        while piece := await reader.read(PIECE):
            await visit.carry(len(piece), sent=sent)
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.transport.abort()


async def _send_page(
    visit: Visit,
    head: h11.Request,
    http: h11.Connection,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    """The request and its body, and nothing that comes after it."""
    ours = h11.Connection(h11.CLIENT)
    try:
        writer.write(ours.send(head) or b"")
        while True:
            event = http.next_event()
            if event is h11.NEED_DATA:
                piece = await reader.read(PIECE)
                await visit.carry(len(piece), sent=True)
                http.receive_data(piece)
            elif isinstance(event, h11.Data | h11.EndOfMessage):
                writer.write(ours.send(event) or b"")
                await writer.drain()
                if isinstance(event, h11.EndOfMessage):
                    return
            else:
                raise h11.RemoteProtocolError("the request broke off")
    except (OSError, h11.ProtocolError):
        writer.transport.abort()
