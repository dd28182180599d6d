"""Which homes lost power or network together: near each other, or so many of one community. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from dispatch.geo import distance_km

BUILDING, COMMUNITY = "building", "community"
COMMUNITY_DIGITS = 12
"""A region's code of so many digits is a village or a residents' committee (GB/T 10114)."""
_METRES = 1000


@dataclass(frozen=True)
class Home:
    """A home that lost cover, and where it is."""

    home_id: UUID
    lat: float
    lon: float
    region_code: str | None

    @property
    def community(self) -> str | None:
        """Return the code of its community; a whole town or county is none."""
        code = self.region_code
        return code if code and len(code) == COMMUNITY_DIGITS else None


@dataclass(frozen=True)
class Incident:
    """An open incident with the homes that it has; given oldest first."""

    incident_id: UUID
    scope: str
    homes: tuple[Home, ...]


@dataclass(frozen=True)
class Limits:
    """From how many homes, and how near, it is one incident."""

    homes: int
    radius_m: float
    community_homes: int


@dataclass(frozen=True)
class Grouping:
    """What to do: into which incident (None: a new one) which homes go, and which others are the same."""

    incident_id: UUID | None
    scope: str
    homes: tuple[Home, ...]
    absorbed: tuple[UUID, ...] = ()


def group(
    home: Home, waiting: Sequence[Home], incidents: Sequence[Incident], limits: Limits
) -> Grouping | None:
    """Decide where a home that just lost cover belongs; None: it stands alone so far."""
    others = [one for one in waiting if one.home_id != home.home_id]
    near = [one for one in incidents if _reaches(one, home, limits.radius_m)]
    wide = _community(home, others, incidents, limits)
    if wide is not None:
        same = [one for one in incidents if one in near or any(_shares(home, m) for m in one.homes)]
        return _into(same, COMMUNITY, wide)
    chain = _chain(home, others, limits.radius_m)
    if near:
        return _into(near, near[0].scope, chain)
    return Grouping(None, BUILDING, chain) if len(chain) >= limits.homes else None


def _into(incidents: Sequence[Incident], scope: str, homes: tuple[Home, ...]) -> Grouping:
    if not incidents:
        return Grouping(None, scope, homes)
    first, *rest = incidents
    return Grouping(first.incident_id, scope, homes, tuple(one.incident_id for one in rest))


def _community(
    home: Home, others: Sequence[Home], incidents: Sequence[Incident], limits: Limits
) -> tuple[Home, ...] | None:
    """Return the homes to add when the whole community is concerned."""
    if home.community is None:
        return None
    fresh = [home, *(one for one in others if _shares(home, one))]
    known = {m.home_id for one in incidents for m in one.homes if _shares(home, m)}
    if len(known | {one.home_id for one in fresh}) < limits.community_homes:
        return None
    return tuple(fresh)


def _shares(one: Home, other: Home) -> bool:
    return one.community is not None and one.community == other.community


def _reaches(incident: Incident, home: Home, radius_m: float) -> bool:
    if incident.scope == COMMUNITY and any(_shares(home, one) for one in incident.homes):
        return True
    return any(_is_near(home, one, radius_m) for one in incident.homes)


def _chain(home: Home, others: Iterable[Home], radius_m: float) -> tuple[Home, ...]:
    """Return the home with all that stand near it, or near one that does."""
    found, left, at = [home], list(others), 0
    while at < len(found):
        near = [one for one in left if _is_near(found[at], one, radius_m)]
        found += near
        left = [one for one in left if one not in near]
        at += 1
    return tuple(found)


def _is_near(one: Home, other: Home, radius_m: float) -> bool:
    return distance_km(one.lat, one.lon, other.lat, other.lon) * _METRES <= radius_m
