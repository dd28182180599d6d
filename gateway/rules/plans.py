"""Which rules a kind of message meets, found out once: the same values, model and room; pure.

A rule that listens to several values is met at the first of them. What lets most messages pass a rule at a
glance stands beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gateway.rules.families import Entry, Rule
from gateway.rules.manners import Manner
from gateway.rules.memory import Instance, Seen
from gateway.rules.outing import LeftAtNight
from gateway.rules.still import COARSE, ENTRANCE

MOST = 1_000
"""Kinds of messages are few; who makes up more of them must not eat the memory."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rule for one kind of message."""

    rule: Rule
    metric: str
    fixed_key: str | None
    prefix: str
    low: float
    high: float
    is_calm: Callable[[Seen], bool] | None
    every: timedelta | None
    sane_low: float
    is_edge: bool
    manner: Manner | None

    def is_plain(self, one: Instance, seen: Seen) -> bool:
        """Say whether a value begins nothing and changes nothing of what is remembered: so do nearly all."""
        value = seen.values[self.metric]
        if one.since is None:
            if self.every is not None and one.last is not None:
                return seen.at - one.last < self.every and self.sane_low <= value
            if self.low <= value <= self.high:
                return not one.is_on and one.due is None and one.held is None
        return self.is_edge and one.is_on == value and (one.due is None or one.due > seen.at)


class Plans:
    """The steps of every kind of message that one book has met."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], tuple[object, tuple[Step, ...]]] = {}

    def __len__(self) -> int:
        """Return how many kinds of messages are known."""
        return len(self._known)

    def of(
        self,
        by_metric: Callable[[str], Sequence[Entry]],
        manners: Callable[[str], Manner | None],
        seen: Seen,
        *,
        is_mat: bool,
    ) -> tuple[Step, ...]:
        """Return the steps of a message; motion alone is not judged where a mat is (`is_mat`)."""
        device = seen.device
        kind = (id(device.model), device.room, is_mat, *seen.values)
        found = self._known.get(kind)
        if found is None:
            if len(self._known) >= MOST:
                self._known.clear()
            # The model is kept, so that its id stays its own.
            found = self._known[kind] = (device.model, _steps(by_metric, manners, seen, is_mat=is_mat))
        return found[1]


def _steps(
    by_metric: Callable[[str], Sequence[Entry]],
    manners: Callable[[str], Manner | None],
    seen: Seen,
    *,
    is_mat: bool,
) -> tuple[Step, ...]:
    """Whether a rule is about a message depends on what its kind is made of, and on nothing else."""
    found: dict[str, Step] = {}
    for metric in seen.values:
        for entry in by_metric(metric):
            is_met = entry.name not in found and not (is_mat and entry.is_motion_only)
            if is_met and entry.rule.key(seen) is not None:
                found[entry.name] = _step(entry, metric, seen, manners(entry.rule.name))
    return tuple(found.values())


def _step(entry: Entry, metric: str, seen: Seen, manner: Manner | None) -> Step:
    every = timedelta(seconds=entry.every_s) if entry.every_s else None
    is_door = "open" in seen.values and seen.device.room in ENTRANCE
    if isinstance(entry.rule, LeftAtNight) and not is_door:
        every = COARSE  # while nothing is watched it notes a sign of life so often
    calm = getattr(entry.rule, "is_calm", None)
    return Step(
        entry.rule,
        metric,
        entry.fixed_key,
        f"{entry.name}/",
        entry.low,
        entry.high,
        calm,
        every,
        entry.sane_low,
        entry.is_edge,
        manner,
    )
