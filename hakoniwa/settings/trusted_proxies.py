"""Which proxies' word is taken for who asks and how."""

from ipaddress import IPv4Network, IPv6Network

from django.core.exceptions import ImproperlyConfigured

from .networks import networks


def trusted_proxies(addresses: list[str]) -> list[IPv4Network | IPv6Network]:
    """The addresses and networks of HAKONIWA_TRUSTED_PROXIES.

    Raises ImproperlyConfigured for what is no address, and for all addresses at once.
    """
    named = networks("HAKONIWA_TRUSTED_PROXIES", addresses)
    if any(network.prefixlen == 0 for network in named):
        raise ImproperlyConfigured(
            "HAKONIWA_TRUSTED_PROXIES names every address: anybody could pose as anybody. Name "
            "the proxy before this site only."
        )
    return named
