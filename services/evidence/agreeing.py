"""What a pack says of itself must agree: sums, the scheme's hash, the claim's place in the chain (pure).

Signed lines show that nobody has changed the pack; these, that what was put into it had not been changed.
"""

import hashlib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from services.settlement import chain

Values = Mapping[tuple[str, str], object]


def contradictions(values: Values) -> list[str]:
    """Return codes of what does not agree: `sum`, `scheme_text`, `line`, `block`, `lines`, `link`."""
    found = [] if _adds_up(values) else ["sum"]
    body = values.get(("scheme", "body"))
    if body is not None and _sha256(str(body)) != values.get(("scheme", "sha256")):
        found.append("scheme_text")
    if values.get(("statement", "seal_hash")) is not None:
        found += _chain(values)
    return found


def _adds_up(values: Values) -> bool:
    try:
        amount, subsidy, copay = (
            Decimal(str(values["claim", key])) for key in ("amount", "subsidy", "copay")
        )
    except (KeyError, InvalidOperation):
        return False
    return amount == subsidy + copay


def _chain(values: Values) -> list[str]:
    try:
        nth = int(str(values["place", "number"]))
        line = str(values["place", "body"])
        block = [bytes.fromhex(one) for one in _texts(values["place", "block"])]
        blocks = [bytes.fromhex(one) for one in _texts(values["place", "blocks"])]
        root, previous = (_bytes(values, key) for key in ("seal_lines_hash", "seal_previous"))
        number, body = int(str(values["statement", "seal_number"])), str(values["statement", "seal_body"])
    except (KeyError, ValueError):
        return ["line"]
    checks = {
        "line": str(values.get(("claim", "id"))) in line
        and block[nth % chain.BLOCK :][:1] == [chain.line_hash(line)],
        "block": blocks[nth // chain.BLOCK :][:1] == [chain.block_hash(block)],
        "lines": chain.block_hash(blocks) == root,
        "link": chain.link(previous, number, body, root) == _bytes(values, "seal_hash"),
    }
    return [code for code, holds in checks.items() if not holds]


def _texts(value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValueError("not a list of hashes")  # noqa: TRY004 - read as any other damage
    return [str(one) for one in value]


def _bytes(values: Values, field: str) -> bytes:
    return bytes.fromhex(str(values["statement", field]))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
