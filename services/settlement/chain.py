r"""The chain over issued statements, as anybody can compute it again (pure).

A line's hash is SHA-256 of its text. Lines stand in order: claims by start and id, then the other lines
by when they were made and id. 256 lines make a block, whose hash is SHA-256 of its lines' hashes one
after the other; `root` is SHA-256 of the blocks' hashes one after the other. A statement's hash is
SHA-256 of `previous || "number\n" || body || "\n" || root`; the first one's previous is 32 noughts.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

BLOCK = 256
"""Lines of a block: what an evidence pack must carry to show that a line stands in a statement."""
NOTHING = bytes(32)


def line_hash(body: str) -> bytes:
    """Return a line's hash."""
    return hashlib.sha256(body.encode()).digest()


def block_hash(lines: Iterable[bytes]) -> bytes:
    """Return a block's hash from its lines' hashes."""
    return hashlib.sha256(b"".join(lines)).digest()


def root(lines: Sequence[bytes]) -> bytes:
    """Return the hash over all lines' hashes in order."""
    blocks = [block_hash(lines[nth : nth + BLOCK]) for nth in range(0, len(lines), BLOCK)]
    return hashlib.sha256(b"".join(blocks)).digest()


def link(previous: bytes, number: int, body: str, lines: bytes) -> bytes:
    """Return a statement's hash, linked to the one issued before it."""
    return hashlib.sha256(previous + f"{number}\n{body}\n".encode() + lines).digest()


def body(figures: Mapping[str, str]) -> str:
    """Write a statement's figures as the one line of text that is hashed."""
    return json.dumps(dict(figures), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
