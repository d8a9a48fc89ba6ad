"""Environment variables as an engine lists them."""

from collections.abc import Sequence


def as_mapping(env: Sequence[str] | None) -> dict[str, str]:
    """`["A=b"]` as `{"A": "b"}`; of two with one name the last counts, as in a container."""
    return {name: value for name, _equals, value in (entry.partition("=") for entry in env or ())}
