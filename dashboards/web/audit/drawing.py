"""Options of the interactive charts, built on the server so that a test can read the numbers (pure)."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

SUBSIDY, COPAY, CEILING, AHEAD = "#0b5c6b", "#8fb8bf", "#ab1620", "#8a4b00"
_ROW, _FRAME = 30, 96
MOST = 20
"""Bars that a chart shows; the table beside it has all."""


def bars(rows: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> dict[str, Any]:
    """Return horizontal bars of {label, subsidy, copay, href}, the first on top: amounts in yuan."""
    shown = rows[:MOST]
    return {
        "height": _FRAME + _ROW * max(2, len(shown)),
        "links": [row["href"] for row in shown],
        "option": {
            "aria": {"enabled": True, "label": {"description": words["description"]}},
            "animation": False,
            "color": [SUBSIDY, COPAY],
            "grid": {"left": 8, "right": 24, "top": 36, "bottom": 8, "containLabel": True},
            "legend": {"top": 0, "left": 0, "data": [words["subsidy"], words["copay"]]},
            "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
            "xAxis": {"type": "value", "splitNumber": 4},
            "yAxis": {
                "type": "category",
                "inverse": True,
                "data": [row["label"] for row in shown],
                "axisLabel": {"width": 120, "overflow": "truncate"},
            },
            "series": [
                _bar(words["subsidy"], [row["subsidy"] for row in shown]),
                _bar(words["copay"], [row["copay"] for row in shown]),
            ],
        },
    }


def burn(
    spent: Sequence[Decimal], ceiling: Decimal, months: Sequence[str], words: Mapping[str, str]
) -> dict[str, Any]:
    """Return what is spent month by month, added up (yuan), beside the ceiling and the even pace."""
    pace = [float(round(ceiling * nth / len(months), 2)) for nth in range(1, len(months) + 1)]
    return {
        "height": 260,
        "links": [],
        "option": {
            "aria": {"enabled": True, "label": {"description": words["description"]}},
            "animation": False,
            "color": [SUBSIDY, AHEAD, CEILING],
            "grid": {"left": 8, "right": 24, "top": 36, "bottom": 8, "containLabel": True},
            "legend": {"top": 0, "left": 0, "data": [words["spent"], words["pace"], words["ceiling"]]},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "category", "data": list(months), "boundaryGap": False},
            "yAxis": {"type": "value", "splitNumber": 4},
            "series": [
                _line(words["spent"], [float(one) for one in spent], "solid"),
                _line(words["pace"], pace, "dashed"),
                _line(words["ceiling"], [float(ceiling)] * len(months), "dotted"),
            ],
        },
    }


def added_up(amounts: Sequence[Decimal]) -> list[Decimal]:
    """Return running totals."""
    found: list[Decimal] = []
    for amount in amounts:
        found.append(amount + (found[-1] if found else Decimal(0)))
    return found


def breaks_in(amounts: Sequence[Decimal], ceiling: Decimal) -> int | None:
    """Return the month (1-12) in which the ceiling breaks at the mean pace so far; None: not this year.

    `amounts` are the months that have passed, the running one included.
    """
    spent, passed = sum(amounts, Decimal(0)), len(amounts)
    if spent >= ceiling:
        return next(nth for nth, total in enumerate(added_up(amounts), 1) if total >= ceiling)
    if spent <= 0:
        return None
    month = passed + math.ceil((ceiling - spent) * passed / spent)
    return month if month <= 12 else None  # noqa: PLR2004 - months of the year


def _bar(name: str, values: Sequence[Decimal]) -> dict[str, Any]:
    data = [float(value) for value in values]
    return {"type": "bar", "name": name, "stack": "amount", "barMaxWidth": 18, "data": data}


def _line(name: str, values: Sequence[float], style: str) -> dict[str, Any]:
    return {
        "type": "line",
        "name": name,
        "data": list(values),
        "lineStyle": {"type": style, "width": 2},
        "symbolSize": 5,
    }
