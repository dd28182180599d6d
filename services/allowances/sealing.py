"""The hash of an issued list (pure): a chain per district, every line in order: any change is seen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

_FIELDS = ("id", "elder_id", "kind", "for_month", "amount", "previous", "change", "reasons", "explanation")
_LINKS = ("payment_id", "correction_id")


def chain(previous: bytes | None, head: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the SHA-256 of a list after the one before it; `lines` in the order of person and id.

    `head` is {number, scheme_code, month, total, created_by, checked_by, approved_by}.
    """
    digest = hashlib.sha256(previous or b"")
    names = ("number", "scheme_code", "month", "total", "created_by", "checked_by", "approved_by")
    digest.update(_told([head[name] for name in names]))
    for line in lines:
        digest.update(_told([line[name] for name in (*_FIELDS, *_LINKS)]))
    return digest.digest()


def _told(values: list[Any]) -> bytes:
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str, separators=(",", ":"))
    return text.encode() + b"\n"


def reference(number: int, nth: int) -> str:
    """Return a payment's reference in the bank's file: a letter first: no spreadsheet makes it a number."""
    return f"A{number:05d}-{nth:05d}"
