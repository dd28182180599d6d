"""Mutate messages: bytes that flip, values that no device should send, keys that vanish, topics that lie."""

import base64
import json
import random
from typing import Any

NASTY: list[Any] = [
    None,
    True,
    False,
    "",
    " ",
    "\0",
    "\ud800",
    "NaN",
    "1e999",
    "-0",
    "yes",
    "on",
    "x" * 400,
    "✓ 离线",
    -1,
    0,
    1,
    2,
    1e308,
    -1e308,
    2**31,
    2**63,
    2**70,
    10**400,
    1e-300,
    1795300000,
    1795300000123,
    99999999999999999999,
    "2026-11-21T22:20:38",
    "2026-11-21T22:20:38+08:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    [],
    {},
    [[]],
    {"": ""},
    {"a": {"b": {"c": None}}},
    [1, "a", None],
    "{{ value_json.x }}",
    "{{ ''.__class__ }}",
    "{% for i in range(9999999) %}x{% endfor %}",
]
_DEEP = b'{"a":' * 3_000


def mutated(rng: random.Random, topic: str, payload: bytes) -> tuple[str, bytes]:
    """Return a topic and a payload a few steps away from what a device said."""
    for _ in range(rng.choice([1, 1, 1, 2, 3, 6])):
        if rng.random() < 0.12:
            topic = _topic(rng, topic)
        else:
            payload = rng.choice([_bytes, _structure, _structure, _structure])(rng, payload)
    return topic, payload


def _bytes(rng: random.Random, payload: bytes) -> bytes:
    raw = bytearray(payload or b"{}")
    at = rng.randrange(len(raw))
    match rng.randrange(8):
        case 0:
            raw[at] ^= 1 << rng.randrange(8)
        case 1:
            raw[at:at] = rng.randbytes(rng.randrange(1, 9))
        case 2:
            del raw[at : at + rng.randrange(1, 20)]
        case 3:
            return bytes(raw[:at])
        case 4:
            return bytes(raw[at:])
        case 5:
            raw[at : at + 4] = rng.choice([b"\0", b"\\u0000", b"\\ud800", b"\xff\xfe", b"\r\n", b"&", b'"'])
        case 6:
            return bytes(raw) * 2
        case _:
            return rng.choice([b"", b"null", b"[]", b"{}", b"0", b'""', _DEEP, rng.randbytes(40)])
    return bytes(raw)


def _structure(rng: random.Random, payload: bytes) -> bytes:
    """Change one place of a JSON document; what is none is changed as bytes."""
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        return _bytes(rng, payload)
    if not isinstance(found, dict | list) or not found:
        return json.dumps(rng.choice(NASTY)).encode()
    _change(rng, found)
    return json.dumps(found, ensure_ascii=rng.random() < 0.5).encode(errors="surrogatepass")


def _change(rng: random.Random, found: Any) -> None:
    """Walk down by chance, then replace, delete, rename, repeat or wrap."""
    keys: list[Any] = list(found) if isinstance(found, dict) else list(range(len(found)))
    key = rng.choice(keys)
    inner = found[key]
    if isinstance(inner, dict | list) and inner and rng.random() < 0.7:
        _change(rng, inner)
        return
    match rng.randrange(7):
        case 0:
            del found[key]
        case 1 if isinstance(found, dict):
            found[rng.choice(["", "\0", "x" * 80, str(key).upper(), f"{key}_1", "id", "ts", "time"])] = inner
        case 2:
            found[key] = [inner, inner]
        case 3:
            found[key] = {str(key)[:50]: inner}
        case 4:
            found[key] = str(inner)
        case 5 if isinstance(inner, str) and inner:
            found[key] = base64.b64encode(rng.randbytes(12)).decode()
        case _:
            found[key] = rng.choice(NASTY)


def _topic(rng: random.Random, topic: str) -> str:
    """Change a topic beneath the prefix that the broker guards."""
    levels = topic.split("/")
    guarded = 3
    rest = levels[guarded:] or [""]
    at = rng.randrange(len(rest))
    match rng.randrange(7):
        case 0:
            rest.insert(at, "")
        case 1:
            del rest[at]
        case 2:
            rest[at] = rng.choice(
                ["x" * 320, "\0", "é ü", "离线", "&", "#", "+", " ", "state", "status", "config"]
            )
        case 3:
            rest.append(rng.choice(["set", "status", "rpc", "state", "config", "action", "availability"]))
        case 4:
            rest = rest * 2
        case 5:
            rest = rest[:1]
        case _:
            rng.shuffle(rest)
    return "/".join(levels[:guarded] + rest)
