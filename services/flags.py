"""What is doubtful about a visit, as codes on its claim: a doubted visit is a claim all the same (pure)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

PROVEN = "proven"


def of_proof(
    verdict: str | None, elements: Mapping[str, Any] | None, witnesses: Iterable[Mapping[str, Any]] | None
) -> list[str]:
    """Return the verdict unless proven, `proof_…` of what fails, `witness_…` of who contradicts."""
    if verdict == PROVEN:
        return []
    if verdict is None:
        return ["no_proof"]
    failed = [f"proof_{name}" for name, element in (elements or {}).items() if not element.get("ok", False)]
    against = [f"witness_{w['witness']}" for w in witnesses or () if w.get("says") == "contradicts"]
    return [verdict, *sorted(failed), *sorted(against)]


def of_person(on: date, died_on: date | None, absence: str | None) -> list[str]:
    """Return `after_death` and `absent`: the service date lies after the death, or within an absence."""
    dead = ["after_death"] if died_on is not None and on > died_on else []
    return [*dead, *(["absent"] if absence else [])]
