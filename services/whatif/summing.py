"""From everybody's months to the figures of a page (pure): months, towns, grades, who gains and who loses."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from services.whatif.resampling import Interval, intervals


@dataclass(frozen=True, slots=True)
class Months:
    """One person's months in fen, with the town (nine digits) and the grade they are counted under."""

    town: str
    grade: str
    paid: Sequence[int]
    would_pay: Sequence[int]


def summary(found: Sequence[Months], months: Sequence[date], persons: int, seed: int) -> dict[str, Any]:
    """Return the result as it is stored: money in yuan with two decimals, as text."""
    shape = (len(found), len(months))
    paid = np.array([one.paid for one in found], dtype=np.int64).reshape(shape)
    would = np.array([one.would_pay for one in found], dtype=np.int64).reshape(shape)
    cost = intervals(would, persons, seed)
    change = intervals(would - paid, persons, seed)
    was = [*paid.sum(axis=0).tolist(), int(paid.sum())]
    rows = [_row(*each) for each in zip(was, cost, change, strict=True)]
    return {
        "months": [{"month": f"{month:%Y-%m}", **row} for month, row in zip(months, rows, strict=False)],
        "total": rows[-1],
        "persons": persons,
        "everybody": _group(found),
        "towns": _groups(found, "town"),
        "grades": _groups(found, "grade"),
    }


def yuan(fen: int) -> str:
    """Return fen as yuan with two decimals."""
    sign, whole = "-" if fen < 0 else "", abs(fen)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def _row(was: int, cost: Interval, change: Interval) -> dict[str, str]:
    return {
        "paid": yuan(was),
        "would_pay": yuan(cost.value),
        "low": yuan(cost.low),
        "high": yuan(cost.high),
        "change": yuan(change.value),
        "change_low": yuan(change.low),
        "change_high": yuan(change.high),
    }


def _groups(found: Iterable[Months], by: str) -> list[dict[str, Any]]:
    groups: defaultdict[str, list[Months]] = defaultdict(list)
    for one in found:
        groups[getattr(one, by)].append(one)
    return [{by: key, **_group(groups[key])} for key in sorted(groups)]


def _group(found: Sequence[Months]) -> dict[str, Any]:
    changes = [(sum(one.would_pay) - sum(one.paid)) for one in found]
    rows = found
    return {
        "persons": len(rows),
        "gain": sum(change > 0 for change in changes),
        "lose": sum(change < 0 for change in changes),
        "same": sum(change == 0 for change in changes),
        "gained": yuan(sum(change for change in changes if change > 0)),
        "lost": yuan(-sum(change for change in changes if change < 0)),
        "paid": yuan(sum(sum(one.paid) for one in rows)),
        "would_pay": yuan(sum(sum(one.would_pay) for one in rows)),
    }
