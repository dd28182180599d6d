"""What the demo's clerk tries: an allowance for high age, computed by the services role once it runs."""

from core import accounts
from deploy.demo.place import Place
from deploy.demo.world import DATA
from services.whatif import runs

MONTHS, SEED = 6, 2026


async def extend(place: Place) -> None:
    """Begin the what-if once, in the district that it is of."""
    text = (DATA / "what_if.toml").read_text(encoding="utf-8")
    if f'"{place.world.code}"' not in text or await runs.list_(place.conn, limit=1):
        return
    known = await accounts.list_(place.conn, limit=200)  # the owner, who loads, sees both districts'
    ours = (one for one in known if one["login"].startswith(f"{place.world.login}_"))
    clerk = next((one for one in ours if one["role"] == "clerk"), None)
    if clerk is None:
        return
    by = place.person(clerk, "clerk")
    await runs.start(
        place.conn, text=text, months=MONTHS, population="eligible", seed=SEED, by=by, now=place.now
    )
