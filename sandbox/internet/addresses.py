"""Which addresses are the internet: what is not known to be public is refused."""

import asyncio
import errno
import socket
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings

from .refusals import Refused

Address = IPv4Address | IPv6Address

# https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast and reserved.
NOT_PUBLIC_4 = [
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
]
# https://www.iana.org/assignments/ipv6-unicast-address-assignments: nothing else is handed out.
# So IPv4 addresses in IPv6's clothes (::ffff:…, 64:ff9b::…) are refused without a look inside,
PUBLIC_6 = ip_network("2000::/3")
# and of this Teredo and other tunnels, 6to4, and what is for documents only.
NOT_PUBLIC_6 = [
    ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]

MOST_ADDRESSES = 4
LOOKUP_SECONDS = 10.0
# A name server of a learner's may answer late; the threads that wait for it are not the site's.
_threads = ThreadPoolExecutor(max_workers=64, thread_name_prefix="names")


def is_public(address: Address) -> bool:
    """Whether it is somewhere on the internet, and not the operator's or this machine's."""
    if isinstance(address, IPv4Address):
        known = not any(address in network for network in NOT_PUBLIC_4)
    else:
        known = address in PUBLIC_6 and not any(address in network for network in NOT_PUBLIC_6)
    excepted = any(address in network for network in settings.INTERNET_EXCEPT)
    return known and address.is_global and not excepted and not _is_ours(address)


async def public_addresses_of(host: str, lookups: asyncio.Semaphore) -> list[Address]:
    """What to connect to, and nothing else: a second look at the name could give another.

    `lookups` bounds how many threads one sandbox keeps waiting. Raises Refused where there is none
    or where one isn't public.
    """
    await lookups.acquire()
    lookup = asyncio.get_running_loop().run_in_executor(_threads, _public_addresses_of, host)

    def looked_up(done: asyncio.Future[list[Address]]) -> None:
        lookups.release()
        if not done.cancelled():
            done.exception()  # nobody may be waiting for it any more

    lookup.add_done_callback(looked_up)
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            return await asyncio.shield(lookup)
    except TimeoutError:
        raise Refused(504, f"looking up {host} took too long") from None


def _public_addresses_of(host: str) -> list[Address]:
    """Blocks. Raises Refused."""
    try:
        found = socket.getaddrinfo(host.encode(), None, type=socket.SOCK_STREAM)
    except OSError:
        raise Refused(502, f"there is no address for {host}") from None
    # Of a link's own address getaddrinfo says which link; it is refused either way.
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not all(is_public(address) for address in addresses):
        raise Refused(403, f"{host} is not on the public internet")
    return addresses[:MOST_ADDRESSES]


def _is_ours(address: Address) -> bool:
    """Only a machine's own address can be listened at."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError as error:
        return error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
    return True
