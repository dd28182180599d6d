"""What a scheme pays of one visit (pure): `amount = subsidy + copay`, to the fen."""

from decimal import Decimal

from services.policy.answers import Charge
from services.policy.format import Scheme
from services.pricing import ZERO, Explanation, Priced, money, plain, subsidised, unsubsidised


def charge(scheme: Scheme, visit: Charge) -> Priced:
    """Price a visit under a scheme: what it does not cover, the person pays."""
    if visit.service not in scheme.services:
        why = {"code": "service_not_covered", "scheme": scheme.code, "service": visit.service}
        return unsubsidised(visit.price, visit.units, why)
    if visit.category not in scheme.categories:
        why = {"code": "category_not_covered", "scheme": scheme.code, "category": visit.category}
        return unsubsidised(visit.price, visit.units, why)
    if scheme.package is not None:
        return _packaged(scheme, visit)
    within, beyond = scheme.copay.shares
    if within:
        return _shared_within(visit, within)
    if beyond < 1:
        return _shared_beyond(visit, beyond)
    return subsidised(visit.price, visit.units, visit.quota, visit.used)


def _packaged(scheme: Scheme, visit: Charge) -> Priced:
    """Put the package's price on the month's first visit and nothing on the others, up to their number."""
    most = scheme.package.visits if scheme.package is not None else None
    number = visit.visits + 1
    if most is not None and number > most:
        why = {"code": "beyond_package", "visits": str(most), "number": str(number)}
        return unsubsidised(visit.price, visit.units, why)
    amount = money(max(visit.quota - visit.used, ZERO)) if visit.visits == 0 else ZERO
    words = {"code": "package", "number": str(number), "amount": str(amount)}
    return Priced(amount, amount, ZERO, (words,))


def _shared_within(visit: Charge, share: Decimal) -> Priced:
    """Price a visit of which the person pays a share while the quota lasts."""
    amount = money(visit.price * visit.units)
    wanted = amount - money(amount * share)
    left = money(max(visit.quota - visit.used, ZERO))
    subsidy = min(wanted, left)
    words = (
        *_head(visit, amount, left),
        {"code": "copay_share", "share": plain(share), "copay": str(amount - wanted)},
    )
    return _priced(amount, subsidy, words, is_limited=subsidy < wanted)


def _shared_beyond(visit: Charge, share: Decimal) -> Priced:
    """Price a visit that the free quota pays first; what lies beyond it is shared, up to a cap."""
    amount = money(visit.price * visit.units)
    left = money(max(visit.quota - visit.used, ZERO))
    free = min(amount, left)
    rest = amount - free
    if not rest:
        return _priced(amount, free, _head(visit, amount, left), is_limited=False)
    wanted = rest - money(rest * share)
    cap_left = max(visit.cap - max(visit.used + free - visit.quota, ZERO), ZERO)
    paid = min(wanted, cap_left)
    beyond = {
        "code": "beyond_quota",
        "amount": str(rest),
        "share": plain(share),
        "cap": str(money(visit.cap)),
        "cap_left": str(money(cap_left)),
        "subsidy": str(paid),
    }
    return _priced(amount, free + paid, (*_head(visit, amount, left), beyond), is_limited=paid < wanted)


def _head(visit: Charge, amount: Decimal, left: Decimal) -> tuple[Explanation, ...]:
    price = {"code": "amount", "price": str(money(visit.price)), "units": plain(visit.units)}
    quota = {"code": "quota_left", "quota": str(money(visit.quota)), "used": str(money(visit.used))}
    return ({**price, "amount": str(amount)}, {**quota, "left": str(left)})


def _priced(amount: Decimal, subsidy: Decimal, words: tuple[Explanation, ...], *, is_limited: bool) -> Priced:
    copay = amount - subsidy
    if not copay:
        last = {"code": "subsidy_full", "subsidy": str(subsidy)}
    elif not is_limited:
        last = {"code": "subsidy_shared", "subsidy": str(subsidy), "copay": str(copay)}
    elif subsidy:
        last = {"code": "subsidy_partial", "subsidy": str(subsidy), "copay": str(copay)}
    else:
        last = {"code": "subsidy_none", "copay": str(copay)}
    return Priced(amount, subsidy, copay, (*words, last))
