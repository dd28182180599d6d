"""How a rule tells: not in quiet hours, and not again too soon; the same for every rule."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.rules import night
from gateway.rules.memory import Instance, Raised

_ENDLESS = 8


@dataclass(frozen=True)
class Manner:
    """Quiet hours (local clocks, [start, end)) and the least time between two alarms of one instance."""

    quiet: tuple[tuple[str, str], ...]
    cooldown_s: float
    zone: ZoneInfo

    def quiet_until(self, at: datetime) -> datetime | None:
        """Return when the quiet hours in which `at` lies are over, or None outside them."""
        end = at
        for _ in range(_ENDLESS):
            found = [one for one in self.quiet if night.is_between(end, *one, self.zone)]
            if not found:
                break
            end = max(night.next_clock(end, one[1], self.zone) for one in found)
        return end if end > at else None


def tell(one: Instance, found: Iterable[Raised], manner: Manner | None) -> Iterator[Raised]:
    """Yield what may be told now; what falls into quiet hours is held until they are over."""
    for raised in found:
        if manner is None:
            yield raised
        elif one.told is None or raised.at - one.told >= timedelta(seconds=manner.cooldown_s):
            until = manner.quiet_until(raised.at)
            if until is None:
                one.told = raised.at
                yield raised
            else:
                one.held, one.held_until = raised, until


def release(one: Instance, at: datetime) -> Iterator[Raised]:
    """Yield what was held, when its quiet hours are over: nothing has ended it meanwhile."""
    if one.held is not None and one.held_until is not None and one.held_until <= at:
        raised = replace(one.held, at=one.held_until)
        one.told = one.held_until
        drop(one)
        yield raised


def drop(one: Instance) -> None:
    """Forget what is held: the condition has changed."""
    one.held = one.held_until = None
