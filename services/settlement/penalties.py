"""What a breach of a contract's terms costs (pure): lines with explanations, `[{"code", …figures}]`.

late_response   contract, minutes, limit, penalty          (an emergency visit that came too late)
hours_missing   contract, hours, least, missing, rate, penalty
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.pricing import ZERO, Explanation, money, plain


@dataclass(frozen=True, slots=True)
class Penalty:
    """One deduction: `amount` is negative."""

    amount: Decimal
    explanation: tuple[Explanation, ...]
    visit: UUID | None = None
    claim: UUID | None = None


def late(terms: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> list[Penalty]:
    """Return a deduction for each late emergency visit {id, claim_id, minutes}; none without a charge."""
    rate: Decimal | None = terms["late_penalty"]
    limit = terms["response_minutes"]
    if not rate or limit is None:
        return []
    made = []
    for row in rows:
        words = {"code": "late_response", "contract": terms["number"], "minutes": str(row["minutes"])}
        words |= {"limit": str(limit), "penalty": str(money(rate))}
        made.append(Penalty(-money(rate), (words,), row["id"], row["claim_id"]))
    return made


def too_few_hours(terms: Mapping[str, Any], hours: Decimal) -> Penalty | None:
    """Return the deduction for hours promised and not given, or None."""
    least: Decimal | None = terms["hours_least"]
    rate: Decimal | None = terms["hours_penalty"]
    if least is None or not rate or hours >= least:
        return None
    missing = least - hours
    amount = money(missing * rate)
    if amount == ZERO:
        return None
    words = {
        "code": "hours_missing",
        "contract": terms["number"],
        "hours": plain(hours),
        "least": plain(least),
    }
    words |= {"missing": plain(missing), "rate": str(money(rate)), "penalty": str(amount)}
    return Penalty(-amount, (words,))
