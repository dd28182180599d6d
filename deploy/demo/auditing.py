"""What an auditor of the demo finds: complaints on their way, and what was bought added up."""

import tomllib
from datetime import timedelta
from typing import Any

from core import accounts
from core.accounts import Person
from core.db import Row
from core.people import list_elders
from deploy.demo.place import Place
from deploy.demo.world import DATA
from dispatch import providers
from services import complaints
from services.complaints import Given


async def extend(place: Place) -> None:
    """Take the complaints of the data once, each as far as it says."""
    if await complaints.list_(place.conn, limit=1):
        return
    described = tomllib.loads((DATA / "complaints.toml").read_text(encoding="utf-8"))["complaint"]
    known = await accounts.list_(place.conn, limit=200)  # the owner, who loads, sees both districts'
    ours = {row["role"]: row for row in known if row["login"].startswith(f"{place.world.login}_")}
    if not {"clerk", "provider_manager"} <= ours.keys():
        return  # the second district has operators only
    clerk, manager = (place.person(ours[role]) for role in ("clerk", "provider_manager"))
    elders = await list_elders(place.conn, limit=len(described))
    runs = await providers.list_(place.conn)
    for one, elder in zip(described, elders, strict=False):
        await _take(place, one, elder, runs[0], (clerk, manager))


async def _take(
    place: Place, one: dict[str, Any], elder: Row, provider: Row, by: tuple[Person, Person]
) -> None:
    conn, keys, came = place.conn, place.keys, place.now - timedelta(days=one["days"])
    given = Given(
        source=one["source"],
        kind=one["kind"],
        urgency=one["urgency"],
        text=one["text"],
        received_at=came,
        number=one.get("number"),
        elder=elder["id"],
        provider=provider["id"],
    )
    clerk, manager = by
    identity = await complaints.record(conn, keys, given, clerk, came)
    if one["state"] in ("assigned", "answered"):
        await complaints.assign(conn, identity, provider["id"], clerk, came + timedelta(hours=3))
    if "answer" in one:
        await complaints.answer(conn, keys, identity, one["answer"], manager, came + timedelta(days=2))
