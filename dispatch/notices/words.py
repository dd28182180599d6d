"""What notices say: texts of words.toml, by language and channel; no name, no condition, no address."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LANGUAGES = ("zh_CN", "en")
_TEXTS: Mapping[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


class _Given(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return ""


def require(words: str) -> None:
    """Raise LookupError unless these words are in the file."""
    if words not in _TEXTS["words"]:
        raise LookupError(f"no words {words} in words.toml")


def known() -> tuple[str, ...]:
    """Return the keys of all that can be said."""
    return tuple(_TEXTS["words"])


def say(words: str, language: str, channel: str, data: Mapping[str, object]) -> str:
    """Return what is said over a channel; several cases in one message (`count` above 1) are `case_many`.

    A short message begins with the sign that Chinese carriers ask for.
    """
    count = data.get("count", 1)
    key = "case_many" if words.startswith("case_") and isinstance(count, int) and count > 1 else words
    text = str(_TEXTS["words"][key][language])
    spoken = text.format_map(_Given({**data, "keys": _TEXTS["keys"][language][channel]})).strip()
    return f"{_TEXTS['sign'][language]}{spoken}" if channel == "sms" else spoken


def taken(language: str) -> str:
    """Return what somebody hears who picks up when the case has been taken meanwhile."""
    return str(_TEXTS["taken"][language])


def title(language: str) -> str:
    """Return whose message a push is."""
    return str(_TEXTS["title"][language])


def thanks(what: str, language: str, centre: str = "") -> str:
    """Return what somebody hears or reads after an answer.

    `what` is seen, coming, cannot, closed, claimed, wrong, unknown or unheard.
    """
    return str(_TEXTS["heard"][language][what]).format_map(_Given({"centre": centre}))
