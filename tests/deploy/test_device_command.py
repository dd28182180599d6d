"""`yinling device add`: a hub, then a device for which it speaks."""

from pathlib import Path
from typing import Any

import pytest

from core.errors import Invalid
from deploy.commands import device
from devices import registry
from tests import makers
from tests.databases import Database

NOTHING: dict[str, str | None] = {"name": None, "room": None, "ecosystem": None, "address": None}
CHILD: dict[str, str | None] = {**NOTHING, "thing_model": "sos_button_v1", "address": "button"}


async def test_a_hubs_device_has_no_password_and_an_ecosystem_that_is_known(
    database: Database, pool_owner: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("YINLING_DATABASE_URL", database.worker)
    district = await makers.make_district(pool_owner)
    async with pool_owner.transaction(district) as conn:
        hub = (await registry.add(conn, district=district, thing_model="hub_v1", now=makers.NOW)).device_id
    with pytest.raises(Invalid, match="no ecosystem zigbee: one of alink, "):
        await device._add(tmp_path, None, None, hub, {**CHILD, "ecosystem": "zigbee"})  # noqa: SLF001 - click's own loop would begin here
    said = await device._add(tmp_path, None, None, hub, {**CHILD, "ecosystem": "zigbee2mqtt"})  # noqa: SLF001 - the same
    assert (said["username"], said["password"]) == ("", "")
    async with pool_owner.transaction(district) as conn:
        found = await conn.fetchrow(
            "SELECT hub_id, ecosystem, address FROM device WHERE id = $1::text::uuid", said["device_id"]
        )
    assert tuple(found) == (hub, "zigbee2mqtt", "button")
