"""What a week's minutes say: how much of the paid time was with elders, on the way, idle; pure."""

from collections.abc import Iterable, Mapping
from typing import Any

SUMMED = ("paid_min", "away_min", "visit_min", "travel_min", "idle_min", "over_min", "km")
COUNTED = ("visits", "finished", "elders", "known", "late")


def figured(row: Mapping[str, Any]) -> dict[str, Any]:
    """Add to a caregiver's sums what is idle, what is over, and the shares."""
    paid = max(row["paid_min"] - row["away_min"], 0.0)
    used = row["visit_min"] + row["travel_min"]
    return {
        **row,
        "paid_min": paid,
        "idle_min": max(paid - used, 0.0),
        "over_min": max(used - paid, 0.0),
        "used": share(row["visit_min"], paid),
        "on_way": share(row["travel_min"], used),
        "known_share": share(row["known"], row["visits"]),
    }


def total(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the line below the table."""
    given = list(rows)
    sums: dict[str, Any] = {name: sum(row[name] for row in given) for name in SUMMED}
    counts = {name: sum(row[name] for row in given) for name in COUNTED}
    return {
        **sums,
        **counts,
        "used": share(sums["visit_min"], sums["paid_min"]),
        "on_way": share(sums["travel_min"], sums["visit_min"] + sums["travel_min"]),
        "known_share": share(counts["known"], counts["visits"]),
    }


def share(part: float, whole: float) -> float | None:
    """Return a share in per cent; None: of nothing."""
    return round(100 * part / whole, 1) if whole else None
