"""Where a request comes from: the other end of the connection, or what a trusted proxy says."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

FORWARDED = ("FOR", "HOST", "PORT", "PROTO")
# What one customer of a provider has; they may take another address of it each time.
IPV6_PREFIX = 64


class ForwardedHeaders(MiddlewareMixin):
    """Forgets the X-Forwarded-… headers of whoever is not in TRUSTED_PROXIES.

    Of a trusted proxy, REMOTE_ADDR becomes the address of whoever asked it.
    """

    def process_request(self, request: HttpRequest) -> None:
        if not _is_trusted(request.META.get("REMOTE_ADDR", "")):
            for name in FORWARDED:
                request.META.pop(f"HTTP_X_FORWARDED_{name}", None)
            return
        # Each proxy adds to the right what it saw; what is further to the left anybody may write.
        for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            if not _is_address(hop.strip()):
                break
            request.META["REMOTE_ADDR"] = hop.strip()
            if not _is_trusted(hop.strip()):
                break


def client_address(request: HttpRequest) -> str:
    """The address that limits are counted for; of IPv6 the network that a customer gets."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if ":" in address and _is_address(address):
        return str(ip_network(f"{address}/{IPV6_PREFIX}", strict=False).network_address)
    return address


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(address: str) -> bool:
    return _is_address(address) and any(
        ip_address(address) in network for network in settings.TRUSTED_PROXIES
    )
