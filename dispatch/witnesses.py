"""Who speaks for or against a visit: phone, code at the home, photos, signatures, people, a second caregiver.

Each witness agrees, is absent or contradicts, with a code and its figures. What the home's own devices say is
in `home_witness`. Pure: everything is given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch.geo import distance_km

AGREES, ABSENT, CONTRADICTS = "agrees", "absent", "contradicts"
MARGIN = timedelta(minutes=10)
"""How long before check-in and after check-out a trace still belongs to the visit."""
VAGUE_M = 500.0
"""A position that is known no better than this speaks for nobody: a cell of the network, not a place."""
STRONG_CODES = frozenset({"rotating", "spoken"})
"""Codes that change every minute; a printed one can be photographed."""
_METRES = 1000

Finding = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """A check-in or check-out as the phone told it; `code` is what the scanned code turned out to be."""

    at: datetime
    received_at: datetime
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    code: str | None = None
    code_kind: str | None = None
    clock: str | None = None
    clock_off_s: int | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the elder or the family said about the visit."""

    who: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of the visit; `first_of` is the visit that had the same picture before."""

    taken_at: datetime
    first_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and whether what arrived is what was signed."""

    who: str
    is_intact: bool


@dataclass(frozen=True, slots=True)
class Companion:
    """The second caregiver's own marks; one that is missing has not come, or not told yet."""

    check_in: Mark | None = None
    check_out: Mark | None = None


def phone(start: Mark, end: Mark, lat: float, lon: float, geofence_m: float) -> Finding:
    """Compare the phone's position at check-in with the home; its accuracy widens the fence, up to VAGUE_M.

    A check-out outside the fence is told beside it (`end_distance_m`): the place is then doubtful.
    """
    says, code, figures = _position(start, lat, lon, geofence_m)
    if says == AGREES:
        says_end, _, then = _position(end, lat, lon, geofence_m)
        if says_end == CONTRADICTS:
            figures |= {"end_distance_m": then["distance_m"], "end_limit_m": then["limit_m"]}
    return finding("phone", says, code, **figures)


def code(marks: Iterable[Mark]) -> Finding:
    """Judge the codes scanned or heard at the home: a wrong one contradicts; one that changes is strong."""
    scanned = [mark for mark in marks if mark.code is not None]
    if not scanned:
        return finding("code", ABSENT, "not_scanned")
    wrong = [mark.code for mark in scanned if mark.code != "valid"]
    if wrong:
        return finding("code", CONTRADICTS, str(wrong[0]))
    if any(mark.code_kind in STRONG_CODES for mark in scanned):
        return finding("code", AGREES, "valid_now", scans=len(scanned), strong=True)
    return finding("code", AGREES, "valid", scans=len(scanned))


def people(confirmations: Sequence[Confirmation]) -> Finding:
    """Take what the elder or family said; one who denies outweighs the others."""
    if not confirmations:
        return finding("elder", ABSENT, "not_asked")
    denied = [one for one in confirmations if not one.agrees]
    if denied:
        return finding("elder", CONTRADICTS, "denied", by=denied[-1].who, strong=True)
    return finding("elder", AGREES, "confirmed", by=confirmations[-1].who, strong=True)


def photos(visit: UUID | None, start: datetime, end: datetime, taken: Sequence[Photo]) -> Finding:
    """Look at when photos were taken, and whether a picture was another visit's before."""
    if not taken:
        return finding("photo", ABSENT, "no_photo")
    again = sorted(str(one.first_of) for one in taken if one.first_of not in (None, visit))
    if again:
        return finding("photo", CONTRADICTS, "reused", visit_id=again[0], photos=len(again))
    within = [one for one in taken if start - MARGIN <= one.taken_at <= end + MARGIN]
    if not within:
        return finding("photo", ABSENT, "taken_elsewhen", photos=len(taken))
    return finding("photo", AGREES, "taken", photos=len(within))


def signatures(signed: Sequence[Signature]) -> Finding:
    """Look at whether what was signed is what arrived."""
    if not signed:
        return finding("signature", ABSENT, "not_signed")
    altered = [one for one in signed if not one.is_intact]
    if altered:
        return finding("signature", CONTRADICTS, "altered", by=altered[0].who)
    return finding("signature", AGREES, "signed", by=signed[-1].who)


def second(
    companion: Companion | None, start: datetime, end: datetime, place: tuple[float, float], geofence_m: float
) -> Finding:
    """Hear the second caregiver's own check-in: at the home, and during the visit."""
    if companion is None or companion.check_in is None:
        return finding("companion", ABSENT, "second_missing")
    mark, left = companion.check_in, companion.check_out
    together = round((min(end, left.at if left else end) - max(start, mark.at)).total_seconds() / 60, 1)
    says, _, figures = _position(mark, *place, geofence_m)
    figures = {**figures, "together_min": together}
    if says == CONTRADICTS:
        return finding("companion", CONTRADICTS, "second_elsewhere", **figures)
    if together <= 0:
        return finding("companion", CONTRADICTS, "second_apart", **figures)
    if says == ABSENT:
        return finding("companion", ABSENT, "second_no_position", **figures)
    return finding("companion", AGREES, "second_there", **figures)


def finding(witness: str, says: str, why: str, **figures: object) -> Finding:
    """Return what a witness says, as rows keep it."""
    return {"witness": witness, "says": says, "code": why, **figures}


def _position(mark: Mark, lat: float, lon: float, geofence_m: float) -> tuple[str, str, Finding]:
    if mark.lat is None or mark.lon is None:
        return ABSENT, "no_position", {}
    accuracy = mark.accuracy_m or 0.0
    metres = round(distance_km(mark.lat, mark.lon, lat, lon) * _METRES, 1)
    limit = round(geofence_m + accuracy, 1)
    figures = {"distance_m": metres, "limit_m": limit, "accuracy_m": accuracy}
    if metres > limit:
        return CONTRADICTS, "outside", figures
    if accuracy > VAGUE_M and metres > geofence_m:
        return ABSENT, "vague", figures
    return AGREES, "inside", figures
