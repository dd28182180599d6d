"""What may stand in a pack of a person: a masked name, codes, figures; no words, places or numbers (pure)."""

import hashlib
import json
import re
from collections.abc import Mapping

_HIDDEN = frozenset({"lat", "lon", "name", "note", "text", "words", "phone", "address", "id_number", "by"})
_CODE = re.compile(r"[A-Za-z0-9_.:+/-]{1,80}")
_NUMBER = re.compile(r"\d{7,}|\d{17}[0-9Xx]")
_DEEPEST = 6


def name(full: str) -> str:
    """Return a name of which the first letter is left, the others stars."""
    return full[:1] + "*" * max(1, len(full) - 1) if full else ""


def codes(value: object, depth: int = 0) -> object:
    """Return what of a JSON value is codes and figures; free words and positions are left out."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, Mapping):
        inside = {key: codes(one, depth + 1) for key, one in value.items() if key not in _HIDDEN}
        return {key: one for key, one in inside.items() if one is not None}
    if isinstance(value, list):
        return [one for one in (codes(one, depth + 1) for one in value) if one is not None]
    if isinstance(value, str):
        return value if _CODE.fullmatch(value) and not _NUMBER.fullmatch(value) else None
    return value


def digest(value: object) -> str:
    """Return the SHA-256 of a JSON value with its keys in order: what was left out can be compared."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
