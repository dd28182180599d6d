"""The hash that a published report keeps (pure): anybody can compute it again from the figures."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any


def sha256(first: date, last: date, number: int, figures: Sequence[Mapping[str, Any]]) -> str:
    """Return the SHA-256 over period, number and figures: JSON with sorted keys, no spaces, UTF-8."""
    body = [first.isoformat(), last.isoformat(), number, list(figures)]
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
