"""Caregivers and providers whose month stands far from the others'. Pure.

Robust: each one's share is compared with the median of the peers; the yardstick is the median absolute
deviation (times 1.4826, which makes it a standard deviation for a normal distribution) and what chance alone
does to a share of so few visits: z = (share - median) / sqrt((1.4826 · MAD)² + m(1 - m) / n).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import sqrt
from statistics import median

from services.fraud.records import OUTLIER, Finding, Month, Visit
from services.fraud.thresholds import Thresholds

_MAD = 1.4826
_LEAST = 0.01
"""A share of nobody's visits still varies by chance as that of one in a hundred."""
_HOUR = 3600.0
MEASURES: Mapping[str, Callable[[Visit], bool]] = {
    "doubted": lambda v: v.verdict in {"doubted", "contradicted"},
    "no_position": lambda v: v.says("phone") == "absent",
    "late_sent": lambda v: (v.end.received_at - v.end.at).total_seconds() > _HOUR,
    "brief": lambda v: v.planned is not None and v.minutes < 0.8 * v.planned,
    "to_the_minute": lambda v: v.planned is not None and abs(v.minutes - v.planned) < 0.5,  # noqa: PLR2004 - half a minute
    "unseen": lambda v: all(v.says(w) != "agrees" for w in ("devices", "code", "elder", "phone")),
}
"""Shares that are compared, by name: true for a visit that counts."""


def check(month: Month, found: Sequence[Finding], figures: Thresholds) -> Iterator[Finding]:
    """Find who stands out among caregivers, and among providers."""
    flagged = {one.visit for one in found if one.is_main}
    measures = {**MEASURES, "findings": lambda v: v.id in flagged}
    for who in ("provider", "caregiver"):
        mine: dict[str, list[Visit]] = defaultdict(list)
        for visit in month.visits:
            mine[getattr(visit, who)].append(visit)
        peers = {name: seen for name, seen in mine.items() if len(seen) >= figures[OUTLIER]["least_visits"]}
        if len(peers) >= figures[OUTLIER]["least_peers"]:
            for measure, counts in measures.items():
                yield from _stand_out(who, measure, counts, peers, figures[OUTLIER])


def _stand_out(
    who: str,
    measure: str,
    counts: Callable[[Visit], bool],
    peers: Mapping[str, Sequence[Visit]],
    own: Mapping[str, float],
) -> Iterator[Finding]:
    shares = {name: sum(map(counts, seen)) / len(seen) for name, seen in peers.items()}
    for name, share in sorted(shares.items()):
        others = [other for peer, other in shares.items() if peer != name]
        usual = median(others)
        spread = _MAD * median(abs(other - usual) for other in others)
        chance = max(usual * (1 - usual), _LEAST) / len(peers[name])
        z = (share - usual) / sqrt(spread**2 + chance)
        if z < own["z"] or share - usual < own["least_difference"]:
            continue
        said = {
            "code": f"outlier_{measure}",
            "percent": round(100 * share),
            "usual_percent": round(100 * usual),
            "z": round(z, 1),
        }
        said |= {"visits": len(peers[name]), "peers": len(others)}
        score = round(min(0.95, 0.5 + z / 40), 4)
        provider = peers[name][0].provider
        caregiver = name if who == "caregiver" else None
        key = f"{who}:{name}:{measure}"
        yield Finding(OUTLIER, None, (), score, (said,), provider=provider, caregiver=caregiver, key=key)
