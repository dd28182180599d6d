"""Consents and rights of the demo's families: most have consented, one has not, one has thought again."""

from datetime import timedelta
from uuid import UUID

from core import consents
from core.consents import ITEMS, Given, Subject, Withdrawn
from core.rights import PRESETS
from deploy.demo.place import Place

SILENT = 2
"""This elder of each district has consented to nothing beyond the relatives themselves."""
THOUGHT_AGAIN = 3
"""This one had vital signs shared for three weeks, and then no longer."""
SIGNED = timedelta(days=30)
BACK = timedelta(days=9)


def rights_of(relation: str, order: int) -> tuple[str, ...]:
    """Return what a relative may see and do: the first in the order of calling decides."""
    if relation in PRESETS:
        return PRESETS[relation]
    return PRESETS["child_decides" if order == 1 else "child_far"]


async def consent(place: Place, elder: UUID, nth: int) -> None:
    """Record what an elder signed when the kit came, and what the third took back."""
    if nth == SILENT:
        return
    signed, who = place.now - SIGNED, Subject(elder)
    district = place.district
    given = Given("", elder, "elder", "paper", signed)
    await consents.give_all(place.conn, who, ITEMS, given, district=district, account=None, now=signed)
    if nth == THOUGHT_AGAIN:
        back = Withdrawn("elder", "voice", "family_matter", place.now - BACK)
        shared = await consents.history(place.conn, who)
        vitals = next(row["id"] for row in shared if row["item"] == "vitals")
        await consents.withdraw(
            place.conn, vitals, back, district=district, account=None, now=place.now - BACK
        )
