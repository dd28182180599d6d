"""What mutations begin with: the recorded messages of tests/data, and what documentation shows."""

import json
from functools import cache
from pathlib import Path

from devices import codecs
from gateway import recorded

_HERE = Path(__file__).parent
Seed = tuple[str, bytes]
NATIVE = "native"


@cache
def by_ecosystem() -> dict[str, list[Seed]]:
    """Return every seed, its topic as the gateway hears it."""
    found: dict[str, list[Seed]] = {NATIVE: []}
    for path in [*sorted((_HERE.parent / "data").glob("*.jsonl")), *sorted(_HERE.glob("*.jsonl"))]:
        lines = path.read_text(encoding="utf-8").splitlines()
        for line in recorded.read((_with_ecosystem(line, path) for line in lines), needs_time=False):
            place = codecs.place_of(line.topic)
            found.setdefault(place[1] if place else NATIVE, []).append((line.topic, line.payload))
    return found


def _with_ecosystem(line: str, path: Path) -> str:
    """Name the ecosystem of a line by its file, where the line does not."""
    return json.dumps({"ecosystem": path.stem} | json.loads(line))
