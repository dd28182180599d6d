"""Drawing with a seed: anybody with the seed and the population draws the same. Pure."""

import hashlib
from collections.abc import Sequence


def draw(seed: str, ids: Sequence[str], n: int) -> list[str]:
    """Return n of the ids, each equally likely: those with the smallest hashes of seed and id."""
    return sorted(set(ids), key=lambda one: (mark(seed, one), one))[: max(n, 0)]


def mark(seed: str, identity: str) -> str:
    """Return the place of an id in the order of a seed, as 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}|{identity}".encode()).hexdigest()
