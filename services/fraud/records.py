"""A month as plain records: what the checks look at, whether it comes from the database or from a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

KINDS = (
    *("billed_away", "overlapping", "impossible_travel", "reused_photo", "back_filled"),
    *("shortened", "faked_place", "never_made", "contradicted"),
)
"""The nine kinds of DOMAIN §6."""
OUTLIER = "outlier"
Evidence = dict[str, Any]
"""`{"code", …figures}`: said in words by dashboards; figures are numbers and ids, never a person's data."""
Witness = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """A check-in or check-out: the phone's time, when it arrived, and the place that the phone said."""

    at: datetime
    received_at: datetime
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    is_mock: bool = False
    code: str | None = None
    code_kind: str | None = None

    @property
    def place(self) -> tuple[float, float] | None:
        """Return the position, if there is one."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo's hash, its perceptual hash (64 bits) and the phone's time."""

    digest: str | None = None
    phash: int | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that was checked out of, with its proof as it was weighed (docs/manual/proof.md)."""

    id: str
    person: str
    caregiver: str
    provider: str
    service: str
    start: Mark
    end: Mark
    home: str
    place: tuple[float, float] | None = None
    planned: float | None = None
    """Minutes that were planned and billed; None of an emergency, or where nothing is known."""
    companion: str | None = None
    photos: Sequence[Photo] = ()
    elements: Mapping[str, Witness] = field(default_factory=dict)
    witnesses: Mapping[str, Witness] = field(default_factory=dict)
    verdict: str | None = None
    is_corrected: bool = False
    """Its times were changed later with a second person's approval."""
    amount: Decimal | None = None
    grade: str | None = None

    @property
    def minutes(self) -> float:
        """Return the minutes from check-in to check-out."""
        return (self.end.at - self.start.at).total_seconds() / 60

    @property
    def billed_until(self) -> datetime:
        """Return the check-out, or the end of the planned minutes where the check-out came later."""
        if self.planned is None:
            return self.end.at
        return min(self.end.at, self.start.at + timedelta(minutes=self.planned))

    def says(self, witness: str) -> str:
        """Return what a witness says: agrees, absent or contradicts."""
        return str(self.witnesses.get(witness, {}).get("says", "absent"))

    def code(self, witness: str) -> str | None:
        """Return the code of what a witness says."""
        return self.witnesses.get(witness, {}).get("code")


@dataclass(frozen=True, slots=True)
class Absence:
    """Days away, the first and the last included; `last` None: it goes on."""

    kind: str
    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What the registers know of who was to be served."""

    died_on: date | None = None
    absences: Sequence[Absence] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """All visits of a district's month, with the registers; `first` is its first day."""

    first: date
    visits: Sequence[Visit]
    persons: Mapping[str, Person] = field(default_factory=dict)
    vehicles: Mapping[str, str] = field(default_factory=dict)
    """By caregiver: walk, ebike, motorbike, car."""
    zone: str = "Asia/Shanghai"
    geofence_m: float = 150.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: of a visit (`visit`), with all visits that show it; of an outlier who and what."""

    kind: str
    visit: str | None
    visits: tuple[str, ...]
    score: float
    evidence: tuple[Evidence, ...]
    is_pair: bool = False
    is_main: bool = False
    provider: str | None = None
    caregiver: str | None = None
    key: str = ""

    @property
    def severity(self) -> str:
        """Return high from 0.9, medium from 0.7, else low."""
        return "high" if self.score >= 0.9 else "medium" if self.score >= 0.7 else "low"  # noqa: PLR2004 - the docstring's
