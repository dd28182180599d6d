"""The photo of another visit, or of another day (DOMAIN §6, kind 4). Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from services.fraud.records import Evidence, Finding, Month, Photo, Visit
from services.fraud.thresholds import Thresholds

_BITS = 64
_PARTS = 4
_WIDTH = _BITS // _PARTS
Had = tuple[Visit, Photo]


def check(month: Month, figures: Thresholds) -> Iterator[Finding]:
    """Find photos that an earlier visit had: the same file, or the same picture in another home."""
    own = figures["reused_photo"]
    ordered = sorted(month.visits, key=lambda v: (v.start.at, v.id))
    files, pictures = _files(ordered), _Pictures(ordered, own)
    for visit in ordered:
        found = _said(visit) or _same_file(visit, files, own) or pictures.same(visit) or _old(visit, own)
        if found:
            other, score, said = found
            visits = (visit.id, other) if other else (visit.id,)
            yield Finding("reused_photo", visit.id, visits, score, (said,))


def _said(visit: Visit) -> tuple[str | None, float, Evidence] | None:
    """Take what the proof says: it knows the photos of earlier months too."""
    if visit.code("photo") != "reused":
        return None
    other = visit.witnesses["photo"].get("visit_id")
    other = None if other is None else str(other)
    return other, 0.97, {"code": "same_file", "other_visit": other}


def _files(ordered: Sequence[Visit]) -> Mapping[str, list[Visit]]:
    made: dict[str, list[Visit]] = defaultdict(list)
    for visit in ordered:
        for digest in {photo.digest for photo in visit.photos if photo.digest}:
            made[digest].append(visit)
    return made


def _same_file(
    visit: Visit, files: Mapping[str, list[Visit]], own: Mapping[str, Any]
) -> tuple[str | None, float, Evidence] | None:
    for photo in visit.photos:
        held = files.get(photo.digest or "", [])
        if len({one.caregiver for one in held}) >= own["blank_caregivers"]:
            continue  # an empty frame that the app made, not a picture
        for other in held:
            if other.id == visit.id:
                break
            if not _is_one_stop(visit, other, own):
                days = (visit.start.at - other.start.at).days
                return other.id, 0.97, {"code": "same_file", "other_visit": other.id, "days": days}
    return None


class _Pictures:
    """Perceptual hashes, found by any of four parts: of two that differ by three bits one part is equal."""

    def __init__(self, ordered: Sequence[Visit], own: Mapping[str, Any]) -> None:
        self.own = own
        self.parts: dict[tuple[str, int, int], list[Had]] = defaultdict(list)
        for visit in ordered:
            for photo in visit.photos:
                if photo.phash is not None and self._tells(photo.phash):
                    for place, part in _cut(photo.phash):
                        self.parts[visit.caregiver, place, part].append((visit, photo))

    def same(self, visit: Visit) -> tuple[str | None, float, Evidence] | None:
        """Return an earlier visit of the same caregiver in another home that had the same picture.

        A picture that this home has had before is this home's: the same empty wall again.
        """
        for photo in visit.photos:
            had = list(self._had(visit, photo))
            if not had or any(other.home == visit.home for _, other in had):
                continue
            bits, other = min(had, key=lambda one: one[1].start.at)
            return other.id, 0.9, {"code": "same_picture", "other_visit": other.id, "bits": bits}
        return None

    def _had(self, visit: Visit, photo: Photo) -> Iterator[tuple[int, Visit]]:
        """Yield earlier visits of the same caregiver with nearly the same picture, and by how many bits."""
        if photo.phash is None or not self._tells(photo.phash):
            return
        for place, part in _cut(photo.phash):
            for other, held in self.parts[visit.caregiver, place, part]:
                bits = (photo.phash ^ (held.phash or 0)).bit_count()
                if other.start.at < visit.start.at and bits <= self.own["bits"]:
                    yield bits, other

    def _tells(self, phash: int) -> bool:
        blank = int(self.own["blank_bits"])
        return blank < phash.bit_count() < _BITS - blank


def _cut(phash: int) -> Iterator[tuple[int, int]]:
    for place in range(_PARTS):
        yield place, (phash >> (place * _WIDTH)) & ((1 << _WIDTH) - 1)


def _is_one_stop(visit: Visit, other: Visit, own: Mapping[str, Any]) -> bool:
    """Say whether two visits were one stop: a couple, or two services one after the other."""
    span = timedelta(hours=own["same_stop_hours"])
    return visit.home == other.home and abs(visit.start.at - other.start.at) <= span


def _old(visit: Visit, own: Mapping[str, Any]) -> tuple[str | None, float, Evidence] | None:
    """Find a visit whose every photo is older than the visit: out of the phone's album."""
    taken = [photo.taken_at for photo in visit.photos if photo.taken_at is not None]
    if not taken or len(taken) < len(visit.photos):
        return None
    hours = (visit.start.at - max(taken)).total_seconds() / 3600
    if not own["old_hours"] < hours < own["old_hours"] * 60:  # beyond that the camera's clock is wrong
        return None
    return None, 0.75, {"code": "old_photo", "hours": round(hours)}
