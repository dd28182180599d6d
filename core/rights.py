"""What a relative may see and do (pure): seven rights, four of which the elder's consent must carry too."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from core.errors import Invalid

RIGHTS = ("alerts", "vitals", "location", "visits", "bills", "order", "decide")
"""alerts: that something happened and who sees to it; decide: take over, confirm safe, apply, dispute."""
CARRIED_BY: Mapping[str, str] = MappingProxyType(
    {"vitals": "vitals", "location": "location", "visits": "share_visits", "bills": "share_bills"}
)
"""Which consent of the elder a right needs beside it; what is not here needs none but the bond's own."""
PRESETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "spouse": ("alerts", "vitals", "visits", "bills", "order", "decide"),
        "child_decides": RIGHTS,
        "child_far": ("alerts", "vitals", "visits", "bills", "order"),
        "neighbour": ("alerts",),
    }
)
"""What a clerk is offered: a spouse at home needs no map; a neighbour comes when called, no more."""


def check(rights: Iterable[str]) -> tuple[str, ...]:
    """Return rights in their order, each once; raise Invalid on an unknown one, or on none at all."""
    wanted = set(rights)
    unknown = wanted - set(RIGHTS)
    if unknown or not wanted:
        words = f"rights: some of {', '.join(RIGHTS)}"
        code = "unknown" if unknown else "required"
        raise Invalid(words, [{"field": "rights", "code": code, "message": words}])
    return tuple(right for right in RIGHTS if right in wanted)


def in_force(rights: Collection[str], consents: Collection[str]) -> frozenset[str]:
    """Return the rights that hold: granted, and carried by the elder's consent where one is needed."""
    return frozenset(right for right in rights if right not in CARRIED_BY or CARRIED_BY[right] in consents)


def missing(right: str, rights: Collection[str], consents: Collection[str]) -> str | None:
    """Say why a right does not hold: `right` (not granted), `consent` (not given), or None: it does."""
    if right not in rights:
        return "right"
    return "consent" if right in CARRIED_BY and CARRIED_BY[right] not in consents else None
