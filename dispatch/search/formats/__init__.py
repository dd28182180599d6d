"""The benchmarks' files, read as the same Problem that the district's day is, and written as they publish."""

import gzip
import zlib
from pathlib import Path
from typing import Any, Protocol

from core.errors import Failure
from dispatch.search.formats import city, day, hhcrsp, uhhc
from dispatch.search.formats.instance import Instance
from dispatch.search.problem import Solution

_GZIP = b"\x1f\x8b"


class Format(Protocol):
    """One published format."""

    def read(self, data: bytes) -> Instance:
        """Read an instance; raise Failure naming the field that is wrong."""

    def write(self, instance: Instance, solution: Solution) -> dict[str, Any]:
        """Return a solution as its publishers write it."""


FORMATS: dict[str, Format] = {"hhcrsp": hhcrsp, "uhhc": uhhc, "city": city, "day": day}


def unpacked(path: Path) -> bytes:
    """Return what a file says, gzipped or not."""
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data.startswith(_GZIP) else data
    except (OSError, EOFError, zlib.error) as error:
        raise Failure(f"{path}: cannot be read: {error}") from error


def read(path: Path, name: str) -> Instance:
    """Read an instance from a file."""
    data = unpacked(path)
    try:
        return FORMATS[name].read(data)
    except Failure as error:
        raise Failure(f"{path.name}: {error}") from error
