"""The auditor's filter as it stands in the address, read and written; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from services.purchases import BY, By, Filter

NEXT: dict[By, By] = {
    "month": "town",
    "town": "provider",
    "provider": "service",
    "service": "grade",
    "grade": "scheme",
    "scheme": "month",
}
"""What a group is looked into by, unless the filter names that already."""
NONE = "-"
"""In an address: without one (a claim without grade, scheme or known town)."""


@dataclass(frozen=True, slots=True)
class View:
    """Which purchases, and by what they are grouped."""

    filter: Filter
    by: By

    @property
    def query(self) -> dict[str, str]:
        """The filter as an address has it; what is not filtered does not stand there."""
        wanted = self.filter
        months = {"first": f"{wanted.first:%Y-%m}", "last": f"{wanted.last:%Y-%m}"}
        named = {name: getattr(wanted, name) for name in ("town", "provider", "service", "grade", "scheme")}
        return months | {name: str(value) or NONE for name, value in named.items() if value is not None}

    def address(self, path: str, by: str | None = None, **more: str) -> str:
        """Return an address with this filter; `more` changes it, an empty value takes one away."""
        query = {**self.query, **({"by": by} if by else {}), **more}
        return f"{path}?{urlencode({name: value for name, value in query.items() if value})}"

    def into(self, key: str) -> str:
        """Return where one group leads: into the next grouping, or to its claims when nothing is left."""
        more: dict[str, str] = {self.by: key or NONE}
        if self.by == "month":
            more = {"first": key, "last": key}
        named = self.query.keys() | {self.by}
        step = NEXT[self.by]
        while step in named or (step == "month" and self.filter.first == self.filter.last):
            step = NEXT[step]
            if step == self.by:
                return self.address("/audit/claims", **more)
        return self.address("/audit/purchases", step, **more)


def read(query: Mapping[str, str], today: date) -> View:
    """Read an address; what cannot be read is as not said. Months: by default the running year so far."""
    last = _month(query.get("last")) or today.replace(day=1)
    first = _month(query.get("first")) or last.replace(month=1)
    by: By = next((one for one in BY if one == query.get("by")), "town")
    wanted = Filter(
        first=min(first, last),
        last=last,
        town=_text(query.get("town")),
        provider=_id(query.get("provider")),
        service=_text(query.get("service")),
        grade=_text(query.get("grade")),
        scheme=_text(query.get("scheme")),
    )
    return View(wanted, by)


def _month(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None  # noqa: PLR2004 - what a calendar of ours can hold


def _text(text: str | None) -> str | None:
    if not text or len(text) > 64 or not text.isprintable():  # noqa: PLR2004 - no code of ours is longer
        return None
    return "" if text == NONE else text


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
