"""A provider's score of a month, with its formula: every part has a figure, a weight and points. Pure.

A part's points are its weight times how well it went, from 0 to 1; a part without a figure (nobody complained
about since nobody was served, no sample drawn) is left out, and the score is out of the weights that remain:

    score = 100 · sum(weight · well) / sum(weight)

A share of what went well counts as it is; a rate of what went wrong counts as 1 - rate / worst, at least 0.
Weights and worst rates are ours (L).
"""

from collections.abc import Mapping
from dataclasses import dataclass

_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Rule:
    """How one part counts: its weight, and of what goes wrong the rate at which nothing is left."""

    weight: float
    worst: float | None = None


RULES: Mapping[str, Rule] = {
    "on_time": Rule(20),
    "verified": Rule(25),
    "kept": Rule(15),
    "findings": Rule(15, worst=0.02),
    "samples": Rule(10, worst=0.05),
    "complaints": Rule(10, worst=0.01),
    "rejected": Rule(5, worst=0.05),
}
"""Parts: visits begun in time; proven; not missed; confirmed findings a visit; sampled claims found wrong;
upheld complaints a visit; claims rejected for good."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score: `count` of `total`, the share that is, its weight, and the points it gives."""

    code: str
    count: int
    total: int
    share: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Score:
    """A provider's score from 0 to 100 with its parts; None where nothing is known."""

    points: float | None
    weight: float
    parts: tuple[Part, ...]


def score(counts: Mapping[str, tuple[int, int]]) -> Score:
    """Return the score of (count, of how many) by part; parts of which nothing is known are left out."""
    parts = tuple(_part(code, *counts[code]) for code in RULES if counts.get(code, (0, 0))[1] > 0)
    weight = sum(part.weight for part in parts)
    points = round(_HUNDRED * sum(part.points for part in parts) / weight, 1) if weight else None
    return Score(points, weight, parts)


def _part(code: str, count: int, total: int) -> Part:
    rule, share = RULES[code], count / total
    well = share if rule.worst is None else max(0.0, 1 - share / rule.worst)
    return Part(code, count, total, round(share, 4), rule.weight, round(rule.weight * well, 2))
