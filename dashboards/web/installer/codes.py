"""What a scanned or typed code names: a kit with its claim code, or a device; pure."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from core.ids import parse_id

LONGEST = 300
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Code:
    """Either a kit's number and claim code, or a device."""

    serial: str = ""
    claim_code: str = ""
    device: UUID | None = None


def read(text: str) -> Code | None:
    """Read a code: an address with `kit` and `code`, two words, or a device's id anywhere; None: neither."""
    text = text.strip()[:LONGEST]
    device = _ID.search(text)
    if device is not None:
        return Code(device=parse_id(device[0]))
    asked = parse_qs(urlsplit(text).query) if "?" in text else {}
    words = [asked["kit"][0], asked["code"][0]] if asked.keys() >= {"kit", "code"} else text.split()
    return Code(words[0], words[1]) if len(words) == 2 else None  # noqa: PLR2004 - number and claim code
