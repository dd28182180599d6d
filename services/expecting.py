"""Which visits a care plan expects in the days ahead, and what must change so that they stand; pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from core.clock import ZONE
from services import recurrence
from services.recurrence import Rule

LIVE = ("wanted", "offered", "accepted")
"""States in which a visit may still be taken back without anybody being on the way."""
_PREFIX = "care_plan_item"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a care plan; `windows` are local times, `each_window` asks for a visit in each of them."""

    id: UUID
    service: str
    rule: Rule
    windows: tuple[tuple[time, time], ...]
    minutes: int
    funding: str
    each_window: bool = False
    staff: int | None = None
    provider_id: UUID | None = None
    within_quota: bool = False
    is_optional: bool = False
    is_movable: bool = False
    follows: tuple[UUID, int, int] | None = None
    replaces_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A care plan in force between two days, both included."""

    valid_from: date
    valid_to: date | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """One visit that a plan expects."""

    item: Item
    on: date
    nth: int
    windows: tuple[tuple[datetime, datetime], ...]
    movable: tuple[date, date] | None = None

    @property
    def origin(self) -> str:
        """What makes it the same visit each time it is expected."""
        return origin_of(self.item.id, self.on, self.nth)

    @property
    def leader(self) -> str | None:
        """The origin of the visit that goes before it, if the item follows another."""
        return origin_of(self.item.follows[0], self.on, self.nth) if self.item.follows else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A visit that is there already."""

    id: UUID
    origin: str
    state: str
    staff: int
    starts_at: datetime
    is_frozen: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What must be taken back, and what must be wanted, leaders before those who follow them."""

    withdraw: tuple[UUID, ...]
    want: tuple[Expected, ...]


def origin_of(item: UUID, on: date, nth: int) -> str:
    """Return the origin of an item's visit on a day."""
    return f"{_PREFIX}:{item}:{on.isoformat()}:{nth}"


def parse(origin: str) -> tuple[UUID, date] | None:
    """Return the item and the day of an origin, or None: it is of something else."""
    kind, _, rest = origin.partition(":")
    if kind != _PREFIX:
        return None
    item, day, _ = rest.split(":", 2)
    return UUID(item), date.fromisoformat(day)


def expected(versions: Iterable[Version], first: date, last: date) -> list[Expected]:
    """Return every visit that the versions expect from `first` to `last`, leaders before followers."""
    found = [one for version in versions for item in version.items for one in _of(item, version, first, last)]
    items = {one.item.id: one.item for one in found}
    depth = {identity: _depth(item, items) for identity, item in items.items()}
    return sorted(found, key=lambda one: (one.on, depth[one.item.id], one.windows[0][0], one.origin))


def _of(item: Item, version: Version, first: date, last: date) -> list[Expected]:
    begin = max(first, version.valid_from)
    end = min(last, version.valid_to) if version.valid_to else last
    made = []
    for on in recurrence.days(item.rule, begin, end):
        spans = tuple(sorted(_span(on, *window) for window in item.windows))
        movable = _week(on, begin, version.valid_to) if item.is_movable else None
        groups = [(span,) for span in spans] if item.each_window else [spans]
        made += [Expected(item, on, nth, group, movable) for nth, group in enumerate(groups)]
    return made


def _span(on: date, since: time, until: time) -> tuple[datetime, datetime]:
    """Return local times of a day as instants; what ends before it begins ends on the next day."""
    end = on if until > since else on + timedelta(days=1)
    return datetime.combine(on, since, ZONE), datetime.combine(end, until, ZONE)


def _week(on: date, first: date, last: date | None) -> tuple[date, date]:
    monday = on - timedelta(days=on.weekday())
    sunday = monday + timedelta(days=6)
    return max(monday, first), min(sunday, last) if last else sunday


def _depth(item: Item, items: Mapping[UUID, Item]) -> int:
    """Return how many visits go before one; a leader that is not expected counts for nothing."""
    count, seen = 0, {item.id}
    while item.follows and item.follows[0] in items and item.follows[0] not in seen:
        item = items[item.follows[0]]
        seen.add(item.id)
        count += 1
    return count


def difference(
    wanted: Sequence[Expected], standing: Sequence[Standing], staff: Mapping[str, int], now: datetime
) -> Changes:
    """Compare what is expected with what stands, for visits that have not begun.

    What stands frozen stays, and what would replace it on that day is not wanted beside it. A visit that a
    person cancelled keeps its origin, and so is not wanted again.
    """
    by_origin = {one.origin: one for one in wanted}
    known = {one.origin for one in standing}
    open_ = [one for one in standing if one.state in LIVE and not one.is_frozen and one.starts_at > now]
    gone = {one.origin for one in open_ if _is_over(one, by_origin, staff)}
    for one in wanted:  # leaders come first: whoever follows a visit that is renewed is renewed with it
        if one.leader in gone and one.origin in {other.origin for other in open_}:
            gone.add(one.origin)
    kept = known - gone
    want = [
        one
        for one in wanted
        if one.origin not in kept and one.windows[0][0] > now and not _is_replacing(one, kept, standing)
    ]
    return Changes(tuple(one.id for one in open_ if one.origin in gone), tuple(want))


def _is_over(one: Standing, wanted: Mapping[str, Expected], staff: Mapping[str, int]) -> bool:
    return one.origin not in wanted or staff.get(one.origin, one.staff) != one.staff


def _is_replacing(one: Expected, kept: Collection[str], standing: Iterable[Standing]) -> bool:
    """Say whether the item's predecessor still comes on that day, frozen or begun."""
    if one.item.replaces_id is None:
        return False
    before = origin_of(one.item.replaces_id, one.on, one.nth)
    return before in kept and any(other.origin == before and other.state != "cancelled" for other in standing)
