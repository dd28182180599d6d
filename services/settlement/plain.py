"""What the set-based run must know of plain schemes: one month's quota by a dated grade, for visits (pure).

Everybody whose schemes are not plain (`Scheme.is_plain`) is priced person by person; both ways give the
same claim, to the fen and to the word (a test holds them together).
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from services import policy
from services.policy import Scheme


def described(schemes: Iterable[tuple[UUID, Scheme]], fallback: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the run's statements take of schemes.

    Each is {id, code, scale, services, rates: [{grade, quota, words}]}; a grade without a rate is left out.
    """
    return [
        {
            "id": str(identity),
            "code": scheme.code,
            "scale": scheme.scale,
            "services": list(scheme.services),
            "rates": [
                {"grade": grade, "quota": str(rate.quota), "words": rate.explanation}
                for grade in policy.SCALES[scheme.scale]
                if (rate := policy.rate(scheme, grade, fallback)) is not None
            ],
        }
        for identity, scheme in schemes
    ]
