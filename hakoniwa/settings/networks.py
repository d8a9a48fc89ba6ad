"""Addresses and networks that a setting names."""

from ipaddress import IPv4Network, IPv6Network, ip_network

from django.core.exceptions import ImproperlyConfigured


def networks(setting: str, addresses: list[str]) -> list[IPv4Network | IPv6Network]:
    """Raises ImproperlyConfigured for what is no address."""
    try:
        return [ip_network(address.strip()) for address in addresses]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{setting}: {error}. Name addresses or networks, separated by commas."
        ) from None
