"""Volumes and networks that were made or removed; those of a Compose project are the project's."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any

from sandbox.snapshot import Network, Snapshot

PROJECT = "com.docker.compose.project"
# What Docker gives where no subnet is asked for: https://docs.docker.com/engine/network/#subnets
POOLS = [(IPv4Network("172.16.0.0/12"), 16), (IPv4Network("192.168.0.0/16"), 20)]


def volume_candidates(before: Snapshot, after: Snapshot) -> Iterator[dict[str, Any]]:
    for volume in after.volumes:
        if not volume.anonymous and PROJECT not in volume.labels:
            yield {"volume": {"name": volume.name} | _labels(volume.labels)}
    for volume in before.volumes:
        if not volume.anonymous and PROJECT not in volume.labels:
            yield {"not": {"volume": {"name": volume.name}}}


def network_candidates(before: Snapshot, after: Snapshot) -> Iterator[dict[str, Any]]:
    for network in after.networks:
        if PROJECT not in network.labels:
            yield {"network": _fields(network)}
    for network in before.networks:
        if PROJECT in network.labels:
            continue
        yield {"not": {"network": {"name": network.name}}}
        for container in before.containers:
            if network.name in container.networks and _exists(container.name, after):
                on_it = {"name": network.name, "containers": [container.name]}
                yield {"not": {"network": on_it}}


def _fields(network: Network) -> dict[str, Any]:
    chosen = [subnet for subnet in network.subnets if not _by_docker(subnet)]
    found = {
        "name": network.name,
        "driver": network.driver if network.driver != "bridge" else "",
        "internal": network.internal,
        "subnet": chosen[0] if chosen else "",
    }
    return {name: value for name, value in found.items() if value} | _labels(network.labels)


def _by_docker(subnet: str) -> bool:
    try:
        given = IPv4Network(subnet)
    except ValueError:
        return False
    return any(given.subnet_of(pool) and given.prefixlen == length for pool, length in POOLS)


def _labels(labels: Mapping[str, str]) -> dict[str, Any]:
    return {"labels": dict(labels)} if labels else {}


def _exists(name: str, snapshot: Snapshot) -> bool:
    return any(one.name == name for one in snapshot.containers)
