"""Rooms as codes: installers write what they like, rules know a few."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def _codes() -> dict[str, str]:
    path = Path(__file__).parent / "data" / "rooms.toml"
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return {word: code for code, words in found.items() for word in words}


def code_of(room: str | None) -> str | None:
    """Return the code of a room, its own name if it has none."""
    if room is None:
        return None
    word = room.strip().lower()
    return _codes().get(word, word or None)
