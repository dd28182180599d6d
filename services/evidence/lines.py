"""The file of an evidence pack: one line a field, each line signed by itself (pure).

A line is `{"n":N,"part":"…","field":"…","value":…,"sig":"…"}` and ends with one LF; `n` counts from 1. The
signature is Ed25519 over CONTEXT, the pack's id, a NUL and the line's bytes up to `,"sig"`, in canonical
base64: so a line cannot be changed, moved to another place or into another pack. What names the pack and the
key stands at the top (`pack`) and again at the end (`seal`), with an index of every line: one damaged copy
leaves the other. Described for outsiders in docs/manual/evidence.md.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

FORMAT = "yinling-evidence/1"
CONTEXT = b"yinling evidence\0"
Sign = Callable[[bytes], bytes]
"""The installation's newest key over a message: 64 bytes."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One field of one part of the chain: `claim` `amount` "80.00"."""

    part: str
    field: str
    value: object


@dataclass(frozen=True, slots=True)
class Head:
    """What a pack is called and who made it."""

    pack: str
    key: str
    """The public key, 64 hexadecimal digits."""
    about: Mapping[str, object]


def leaves(part: str, row: Mapping[str, object]) -> list[Leaf]:
    """Return a row's fields, in the row's order."""
    return [Leaf(part, name, value) for name, value in row.items()]


def numbered(part: str, rows: Iterable[Mapping[str, object]]) -> list[Leaf]:
    """Return the fields of several rows: `part[1]`, `part[2]` and so on."""
    return [leaf for nth, row in enumerate(rows, 1) for leaf in leaves(f"{part}[{nth}]", row)]


def message(pack: str, body: bytes) -> bytes:
    """Return what is signed of a line."""
    return CONTEXT + pack.encode() + b"\0" + body


def write(head: Head, found: Iterable[Leaf], sign: Sign) -> bytes:
    """Return the file: the pack's head, every leaf, the seal with the index."""
    inside = [*_opening(head), *found]
    total = len(inside) + 4
    inside += [
        Leaf("seal", "id", head.pack),
        Leaf("seal", "key", head.key),
        Leaf("seal", "lines", total),
    ]
    index = [[leaf.part, leaf.field] for leaf in inside]
    inside.append(Leaf("seal", "index", [*index, ["seal", "index"]]))
    return b"".join(_signed(head.pack, body, sign) for body in _bodies(inside))


def _opening(head: Head) -> list[Leaf]:
    return [
        Leaf("pack", "format", FORMAT),
        Leaf("pack", "id", head.pack),
        Leaf("pack", "key", head.key),
        *leaves("pack", head.about),
    ]


def _bodies(inside: Iterable[Leaf]) -> Iterator[bytes]:
    for nth, leaf in enumerate(inside, 1):
        line = {"n": nth, "part": leaf.part, "field": leaf.field, "value": leaf.value}
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"), default=_plain)
        yield text[:-1].encode()


def _signed(pack: str, body: bytes, sign: Sign) -> bytes:
    return body + b',"sig":"' + base64.b64encode(sign(message(pack, body))) + b'"}\n'


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"a pack holds no {type(value).__name__}")
