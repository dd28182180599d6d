"""The demo's schemes: those of the district's report signed, and the next version of one as a draft."""

from datetime import date

from core import accounts
from core.clock import local_date, month_after, month_of
from deploy.demo import world
from deploy.demo.place import Place
from services import schemes

BESIDE = {
    "370503": (
        "hekou_dibao",
        "hekou_tekun_living",
        "hekou_tekun_care",
        "hekou_disabled_living",
        "hekou_disabled_nursing",
        "national_voucher",
    )
}
"""What else the district's report states, by its code."""


async def load(place: Place) -> None:
    """Sign the schemes of the district, as set-up does."""
    for name in (place.world.scheme, *BESIDE.get(place.world.code, ())):
        text = world.scheme(name)
        await schemes.load(
            place.conn, district=place.district, district_code=place.world.code, text=text, now=place.now
        )


async def extend(place: Place) -> None:
    """Let the clerk propose once a next version of the home visits, with a rate of its own for total."""
    if place.world.code not in BESIDE or await schemes.list_(place.conn, ("draft",)):
        return
    known = await accounts.list_(place.conn, limit=200)  # the owner, who loads, sees both districts'
    ours = (one for one in known if one["login"].startswith(f"{place.world.login}_"))
    clerk = next((one for one in ours if one["role"] == "clerk"), None)
    if clerk is None:
        return
    await schemes.propose(
        place.conn,
        district=place.district,
        district_code=place.world.code,
        text=_next(world.scheme(place.world.scheme), month_after(month_of(local_date(place.now)))),
        by=clerk["id"],
        now=place.now,
    )


def _next(text: str, start: date) -> str:
    """Return the second version: a rate for total (ours), nothing in hospital."""
    changed = text.replace("version = 1\n", "version = 2\n", 1)
    changed = changed.replace("effective_from = 2021-01-01", f"effective_from = {start}", 1)
    changed = changed.replace('severe = "320.00"\n', 'severe = "320.00"\ntotal = "380.00"\n', 1)
    return changed.rstrip() + "\n\n[suspension]\nhospital = 0\n"
