"""Which proxies' word is taken for who asks and how."""

from ipaddress import IPv4Network, IPv6Network, ip_network

from django.core.exceptions import ImproperlyConfigured


def trusted_proxies(addresses: list[str]) -> list[IPv4Network | IPv6Network]:
    """The addresses and networks of HAKONIWA_TRUSTED_PROXIES.

    Raises ImproperlyConfigured for what is no address, and for all addresses at once.
    """
    try:
        networks = [ip_network(address.strip()) for address in addresses]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"HAKONIWA_TRUSTED_PROXIES: {error}. Name addresses or networks, separated by commas."
        ) from None
    if any(network.prefixlen == 0 for network in networks):
        raise ImproperlyConfigured(
            "HAKONIWA_TRUSTED_PROXIES names every address: anybody could pose as anybody. Name "
            "the proxy before this site only."
        )
    return networks
