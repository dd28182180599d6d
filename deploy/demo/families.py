"""Consents and rights of the demo's families: most have consented, one has not, one has thought again."""

from datetime import timedelta
from uuid import UUID

from core import accounts, consents, invitations
from core.consents import ITEMS, Given, Subject, Withdrawn
from core.invitations import Agreed, NewInvitation
from core.rights import PRESETS
from deploy.demo import people as made_up
from deploy.demo.place import Place

SILENT = 2
"""This elder of each district has consented to nothing beyond the relatives themselves."""
THOUGHT_AGAIN = 3
"""This one had vital signs shared for three weeks, and then no longer."""
SIGNED = timedelta(days=30)
BACK = timedelta(days=9)
ASKED = timedelta(days=1)
NAMES = ("\u5b8b\u5efa\u5e73", "\u5b59\u7acb")


def rights_of(relation: str, order: int) -> tuple[str, ...]:
    """Return what a relative may see and do: the first in the order of calling decides."""
    if relation in PRESETS:
        return PRESETS[relation]
    return PRESETS["child_decides" if order == 1 else "child_far"]


async def invite(place: Place) -> None:
    """Invite somebody to the first elder, who has not come yet, and to the second, who typed it wrong."""
    clerk = await accounts.by_login(place.conn, f"{place.world.login}_clerk_1")
    if clerk is None:
        return
    own = list(dict.fromkeys(elder for _, elder, _ in place.families))
    for nth, elder in enumerate(own[:2]):
        agreed = Agreed("elder", elder, "paper", place.now - ASKED)
        phone = made_up.phone(9000 + nth)
        new = NewInvitation(elder, NAMES[nth], phone, "nephew", 4, PRESETS["neighbour"], agreed)
        by = {"district": place.district, "account": clerk["id"]}
        made = await invitations.invite(place.conn, place.keys, new, **by, now=place.now - ASKED, days=7)
        for _ in range(nth * invitations.TRIES):
            await invitations.count_wrong(place.conn, made)


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
