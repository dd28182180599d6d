"""Answer times and arrivals against their bars; pure. Definitions: docs/manual/kpi.md.

Bars: 97.5 % of alarms answered within 60 s and 99 % within 180 s, on scene 90 % within 45 min of the
decision to send and all within 60 (DOMAIN section 4, H).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

IN_60, IN_180, ON_SCENE_45, ON_SCENE_60 = 0.975, 0.99, 0.90, 1.0
SLOW, VERY_SLOW, LATE, VERY_LATE = 60, 180, 45 * 60, 60 * 60
_FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over some hours and operators.

    From `joined` to `gone`: what does not count in the times. `young_…`: what is not late yet, because nobody
    has answered (or is there) and the time is not up; it is in no share until it is one or the other.
    """

    cases: int = 0
    answered: int = 0
    in_60: int = 0
    in_180: int = 0
    seconds: int = 0
    longest: int = 0
    busy_seconds: int = 0
    sent: int = 0
    scenes: int = 0
    scene_45: int = 0
    scene_60: int = 0
    falses: int = 0
    joined: int = 0
    lowered: int = 0
    paused: int = 0
    shelved: int = 0
    tests: int = 0
    by_hand: int = 0
    gone: int = 0
    young_60: int = 0
    young_180: int = 0
    young_45: int = 0
    young_60_min: int = 0

    @property
    def share_60(self) -> float | None:
        """Return the share answered within 60 s; None when nothing counts."""
        return _share(self.in_60, self.cases - self.young_60)

    @property
    def share_180(self) -> float | None:
        """Return the share answered within 180 s."""
        return _share(self.in_180, self.cases - self.young_180)

    @property
    def share_45(self) -> float | None:
        """Return the share on scene within 45 min."""
        return _share(self.scene_45, self.scenes - self.young_45)

    @property
    def share_60_min(self) -> float | None:
        """Return the share on scene within 60 min."""
        return _share(self.scene_60, self.scenes - self.young_60_min)

    @property
    def mean_seconds(self) -> float | None:
        """Return the mean time until an answer, of those that had one."""
        return _share(self.seconds, self.answered)

    @property
    def unanswered(self) -> int:
        """Return how many nobody has answered in 60 s, nor since."""
        return self.cases - self.answered - self.young_60


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


_NAMES = tuple(one.name for one in fields(Sums))


def sums(row: Mapping[str, Any]) -> Sums:
    """Read a row of sums; what it does not tell is none."""
    return Sums(**{name: int(row.get(name) or 0) for name in _NAMES})


def together(parts: Iterable[Sums]) -> Sums:
    """Add sums up; the longest is the longest of all."""
    total = Sums()
    for one in parts:
        added = {name: getattr(total, name) + getattr(one, name) for name in _NAMES}
        total = Sums(**{**added, "longest": max(total.longest, one.longest)})
    return total


def tone(share: float | None, bar: float, floor: float = 0.05) -> str:
    """Say how a share stands to its bar: none, good, near (less than `floor` below) or bad."""
    if share is None:
        return "none"
    if share >= bar:
        return "good"
    return "near" if share >= bar - floor else "bad"


@dataclass(frozen=True, slots=True)
class Prices:
    """What a false alarm costs: yuan a minute of an operator's work, yuan a visit sent (settings)."""

    operator_minute: Decimal
    visit: Decimal


def cost(falses: int, busy_seconds: int, visits: int, prices: Prices) -> tuple[Decimal, Decimal]:
    """Return what false alarms have cost altogether and each, in yuan."""
    whole = prices.operator_minute * busy_seconds / 60 + prices.visit * visits
    each = whole / falses if falses else Decimal(0)
    return whole.quantize(_FEN, ROUND_HALF_UP), each.quantize(_FEN, ROUND_HALF_UP)


def deserves_a_look(cases: int, falses: int, least: int = 5, share: float = 0.8) -> bool:
    """Say whether a sensor raises so much for nothing that somebody should look at it (ours)."""
    return falses >= least and falses >= share * cases
