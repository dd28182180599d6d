"""Verify an evidence pack offline: which lines are as they were signed, and which are not (pure).

Every line that fails is named by its number and, from the signed index, by its part and field.
"""

import base64
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from services.evidence.lines import FORMAT, message

Verify = Callable[[bytes, bytes, bytes], bool]
"""Say whether (public key, signature, message) belong together."""
MOST = 20_000_000
"""Bytes beyond which a file is no pack."""
_LINE = re.compile(rb'(\{"n":([1-9]\d{0,6}),.*),"sig":"([A-Za-z0-9+/]{86}==)"\}', re.DOTALL)
_KEY = re.compile(rb'"part":"(?:pack|seal)","field":"key","value":"([0-9a-f]{64})"')
_PACK = re.compile(rb'"part":"(?:pack|seal)","field":"id","value":"([0-9a-f-]{36})"')
_NAMES = re.compile(rb'"part":"([^"]{1,80})","field":"([^"]{1,80})"')


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: a line `changed`, `missing`, `added`, `out_of_place`; a file `no_pack`, `other_key`."""

    code: str
    line: int
    part: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file turned out to be; `values` are the lines that are as they were signed."""

    faults: tuple[Fault, ...]
    lines: int
    pack: str = ""
    key: str = ""
    values: Mapping[tuple[str, str], object] | None = None

    @property
    def is_whole(self) -> bool:
        """Say whether every byte is as it was signed."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class _Read:
    """One physical line: its signed number, or None when it has no valid form."""

    raw: bytes
    number: int | None = None
    body: bytes = b""
    signature: bytes = b""


def verify(data: bytes, check: Verify, trusted: Collection[str] = ()) -> Verdict:
    """Judge a file; `trusted` are public keys in hexadecimal digits, none: the file's own word is taken."""
    if len(data) > MOST or not data:
        return Verdict((Fault("no_pack", 0),), 0)
    rows = data.split(b"\n")
    ends = rows.pop() if not rows[-1] else None
    read = [_parse(row) for row in rows]
    if ends is None:
        read[-1] = _Read(read[-1].raw)  # it does not end as it was written
    pack, key, valid = _recognise(data, read, check, trusted)
    if not any(valid):
        return Verdict((Fault("no_pack", 0),), len(rows))
    known = {one.number: json.loads(one.body + b"}") for one, ok in zip(read, valid, strict=True) if ok}
    faults = list(_walk(read, valid, _index(known, read)))
    if trusted and key not in trusted:
        faults.insert(0, Fault("other_key", 0))
    values = {(line["part"], line["field"]): line["value"] for line in known.values()}
    if values.get(("pack", "format"), FORMAT) != FORMAT:
        faults.insert(0, Fault("no_pack", 0))
    return Verdict(tuple(faults), len(rows), pack, key, values)


def _parse(row: bytes) -> _Read:
    found = _LINE.fullmatch(row)
    if found is None:
        return _Read(row)
    signature = base64.b64decode(found[3])
    if base64.b64encode(signature) != found[3]:
        return _Read(row)  # spare bits of the last letter
    return _Read(row, int(found[2]), found[1], signature)


def _recognise(
    data: bytes, read: Sequence[_Read], check: Verify, trusted: Collection[str]
) -> tuple[str, str, list[bool]]:
    """Return pack, key and which lines hold, for the copies of pack and key under which most of them do."""
    best: tuple[str, str, list[bool]] = ("", "", [False] * len(read))
    keys = dict.fromkeys([key.decode() for key in _KEY.findall(data)][:4] + sorted(trusted)[:16])
    for pack in dict.fromkeys(_PACK.findall(data)[:4]):
        for key in keys:
            public = bytes.fromhex(key)
            valid = [
                one.number is not None and check(public, one.signature, message(pack.decode(), one.body))
                for one in read
            ]
            if sum(valid) > sum(best[2]):
                best = (pack.decode(), key, valid)
            if all(valid):
                return best
    return best


def _index(known: Mapping[int | None, dict[str, object]], read: Sequence[_Read]) -> list[tuple[str, str]]:
    """Return (part, field) of every line: as the signed index says, else as the lines themselves do."""
    for line in known.values():
        if (line["part"], line["field"]) == ("seal", "index") and isinstance(line["value"], list):
            return [(str(part), str(field)) for part, field in line["value"]]
    written = max(int(number or 0) for number in known) + 1  # the index comes last, and it does not hold
    total = max(written, _said(known))
    return [*(_names(known, read, number) for number in range(1, total)), ("seal", "index")]


def _said(known: Mapping[int | None, dict[str, object]]) -> int:
    for line in known.values():
        if (line["part"], line["field"]) == ("seal", "lines") and isinstance(line["value"], int):
            return line["value"]
    return 0


def _names(
    known: Mapping[int | None, dict[str, object]], read: Sequence[_Read], number: int
) -> tuple[str, str]:
    if number in known:
        return str(known[number]["part"]), str(known[number]["field"])
    found = _NAMES.search(read[number - 1].raw) if number <= len(read) else None
    if found is None:
        return "", ""
    return found[1].decode("utf-8", "replace"), found[2].decode("utf-8", "replace")


def _walk(read: Sequence[_Read], valid: Sequence[bool], names: Sequence[tuple[str, str]]) -> list[Fault]:
    """Lay the lines that hold beside the numbers that must be there; what lies between has changed."""
    faults: list[Fault] = []
    expected, bad = 1, 0
    for place, (one, ok) in enumerate(zip(read, valid, strict=True), 1):
        number = one.number if ok else None
        if number is None:
            bad += 1
        elif number < expected:
            faults.append(_fault("out_of_place", number, names))
        else:
            faults += _gap(range(expected, number), bad, names, place)
            expected, bad = number + 1, 0
    return faults + _gap(range(expected, len(names) + 1), bad, names, len(read) + 1)


def _gap(missing: range, bad: int, names: Sequence[tuple[str, str]], place: int) -> list[Fault]:
    if not missing:
        return [Fault("added", at) for at in range(place - bad, place)]
    return [_fault("changed" if bad else "missing", number, names) for number in missing]


def _fault(code: str, number: int, names: Sequence[tuple[str, str]]) -> Fault:
    part, field = names[number - 1] if number <= len(names) else ("", "")
    return Fault(code, number, part, field)
