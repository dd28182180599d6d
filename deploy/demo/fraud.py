"""The month before, looked at: findings of the checks, and a sample of which one answer is there."""

from datetime import timedelta

from core import accounts
from core.clock import local_date, month_of
from deploy.demo.place import Place
from services import claims, samples
from services.fraud import runs

_SIZE = 5


async def extend(place: Place) -> None:
    """Check the month before once, and draw a sample of its claims by the auditor."""
    conn, now = place.conn, place.now
    month = month_of(month_of(local_date(now)) - timedelta(days=1))
    if await runs.last(conn, month) is not None:
        return
    await runs.run(conn, place.district, month, now)
    known = await accounts.list_(conn, limit=200)  # the owner, who loads, sees both districts'
    ours = [row for row in known if row["login"].startswith(f"{place.world.login}_auditor")]
    if not ours or not await claims.list_(conn, month=month, limit=1):
        return
    by = ours[0]["id"]
    sample = await samples.draw(
        conn, district=place.district, month=month, size=_SIZE, now=now, by=by, seed="demo"
    )
    first = (await samples.items_of(conn, sample))[0]
    await samples.record(conn, place.keys, first["id"], by, now, outcome="as_billed")
