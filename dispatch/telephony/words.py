"""What the telephone says besides a notice's own words (words.toml), by language."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

_TEXTS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)


def say(what: str, language: str, centre: str = "") -> str:
    """Return a sentence; `centre` is the call centre's number, spoken figure by figure."""
    return _TEXTS[language][what].format(centre=" ".join(centre))


def whisper(target: str | None, language: str) -> str:
    """Return what the operator hears before the other phone rings."""
    known = _TEXTS[language]
    return known.get(f"whisper_{target}", known["whisper_other"])


def voice(language: str) -> str:
    """Return the language's name among speech engines."""
    return _TEXTS[language]["voice"]
