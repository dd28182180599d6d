"""The what-if's chart: cost by month as it was and under the draft, with the span it may lie in (pure)."""

from collections.abc import Mapping, Sequence
from typing import Any

PAST, DRAFT = "#5b6b73", "#0b5c6b"
_HEIGHT = 300


def months(rows: Sequence[Mapping[str, str]], words: Mapping[str, str]) -> dict[str, Any]:
    """Return lines over months in yuan; `rows` as `services.whatif.summing` makes them."""
    low, high = [float(row["low"]) for row in rows], [float(row["high"]) for row in rows]
    wide = [round(b - a, 2) for a, b in zip(low, high, strict=True)]
    return {
        "height": _HEIGHT,
        "links": [],
        "option": {
            "aria": {"enabled": True, "label": {"description": words["description"]}},
            "animation": False,
            "color": [PAST, DRAFT],
            "grid": {"left": 8, "right": 24, "top": 36, "bottom": 8, "containLabel": True},
            "legend": {"top": 0, "left": 0, "data": [words["paid"], words["would_pay"]]},
            "tooltip": {"trigger": "axis"},
            "xAxis": {
                "type": "category",
                "data": [row["month"] for row in rows],
                "boundaryGap": len(rows) == 1,
            },
            "yAxis": {"type": "value", "splitNumber": 4},
            "series": [
                _line(words["paid"], [float(row["paid"]) for row in rows], "dashed"),
                _line(words["would_pay"], [float(row["would_pay"]) for row in rows], "solid"),
                _band(words["low"], low, 0),
                _band(words["width"], wide, 0.18),
            ],
        },
    }


def _line(name: str, data: Sequence[float], style: str) -> dict[str, Any]:
    return {"name": name, "type": "line", "data": list(data), "lineStyle": {"type": style}, "symbolSize": 6}


def _band(name: str, data: Sequence[float], opacity: float) -> dict[str, Any]:
    return {
        "name": name,
        "type": "line",
        "stack": "span",
        "data": list(data),
        "symbol": "none",
        "lineStyle": {"opacity": 0},
        "areaStyle": {"opacity": opacity, "color": DRAFT},
        "tooltip": {"show": False},
    }
