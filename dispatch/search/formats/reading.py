"""Benchmark files are read strictly: what is wrong is said with the field that it is wrong in."""

from collections.abc import Sequence
from math import isfinite
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.errors import Failure

File = TypeVar("File")


def decode(kind: type[File], data: bytes) -> File:
    """Read JSON as one kind of file; raise Failure naming the field that is not as it should be."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as error:
        words = str(error).replace("`", "").replace("$.", "").replace("$", "the file")
        first = words[0] if words.startswith("JSON") else words[0].lower()
        raise Failure(f"not understood: {first}{words[1:]}") from error


def require(holds: bool, field: str, words: str) -> None:  # noqa: FBT001 - an assertion with words
    """Raise Failure naming a field unless something holds."""
    if not holds:
        raise Failure(f"{field}: {words}")


def index(ids: Sequence[str], field: str) -> dict[str, int]:
    """Return where each id stands; no id may stand twice."""
    found: dict[str, int] = {}
    for place, one in enumerate(ids):
        require(one not in found, f"{field}[{place}].id", f"{one} is there twice")
        found[one] = place
    return found


def matrix(rows: Sequence[Sequence[float]], size: int, field: str) -> NDArray[np.float64]:
    """Return a square matrix of at least `size` rows, without negative legs."""
    require(len(rows) >= size, field, f"{len(rows)} rows, {size} places")
    for place, row in enumerate(rows):
        require(len(row) == len(rows), f"{field}[{place}]", f"{len(row)} columns, {len(rows)} rows")
    found = np.array(rows, dtype=np.float64).reshape(len(rows), len(rows))
    wrong = np.argwhere(~np.isfinite(found) | (found < 0))
    if len(wrong):
        row, column = wrong[0]
        raise Failure(f"{field}[{row}][{column}]: a leg is never {found[row, column]:g}")
    return found


def window(start: float, end: float, field: str) -> tuple[float, float]:
    """Return a window of time that closes after it opens."""
    require(isfinite(start) and isfinite(end) and start <= end, field, f"from {start:g} to {end:g}")
    return start, end


def duration(given: float | None, default: float | None, field: str) -> float:
    """Return how long a service takes, by itself or as its kind usually does."""
    found = default if given is None else given
    require(found is not None, field, "no duration, and its service has none by default")
    require(isfinite(found or 0) and (found or 0) >= 0, field, f"a service never takes {found}")
    return found or 0.0
