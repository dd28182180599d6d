"""The files that a real Mosquitto reads; a lane of .ci/run runs test_broker_registry on the real one too."""

from pathlib import Path

from core.crypto import device_password_hash
from core.db import Pool
from deploy.mosquitto import files, sync
from deploy.mosquitto.files import Credential
from devices import registry
from tests import makers

DEVICE = Credential("d1", device_password_hash("d1", "pw"), is_hub=False)
HUB = Credential("h1", device_password_hash("h1", "pw"), is_hub=True)


def test_a_password_line_is_in_mosquittos_format() -> None:
    line = files.passwords([DEVICE]).strip()
    name, _, rest = line.partition(":")
    assert name == "d1"
    assert rest.split("$")[1:3] == ["7", "1"]


def test_only_a_hub_may_speak_for_an_ecosystem() -> None:
    text = files.topics([DEVICE, HUB])
    assert "user h1\ntopic readwrite eco/h1/#\n" in text
    assert "eco/d1" not in text


def test_services_have_a_password_file_of_their_own_with_a_canary() -> None:
    names = [line.partition(":")[0] for line in files.service_passwords({"gateway": "pw"}, "x").splitlines()]
    assert names == ["canary", "gateway"]


def test_the_configuration_drops_nothing_and_forces_client_ids_on_the_listener_of_devices() -> None:
    text = files.CONFIG.read_text()
    assert "max_queued_messages 1000000000\n" in text
    assert "allow_anonymous false\n" in text
    assert (
        text.index("listener 1883")
        < text.index("use_username_as_clientid true")
        < text.index("listener 1884")
    )


def test_a_local_configuration_listens_on_loopback_only(tmp_path: Path) -> None:
    text = files.local_config(tmp_path, 18, 19, "me")
    assert "listener 18 127.0.0.1\n" in text
    assert "listener 19 127.0.0.1\n" in text
    assert "/mosquitto/" not in text.replace(str(tmp_path), "")


async def test_the_files_follow_the_registry(pool_owner: Pool, pool_gateway: Pool, tmp_path: Path) -> None:
    district = await makers.make_district(pool_owner)
    async with pool_owner.transaction(district) as conn:
        made = await registry.add(conn, district=district, thing_model="hub_v1", now=makers.NOW)
    told: list[int] = []
    keeper = sync.Keeper(tmp_path, {"gateway": "pw"}, lambda: told.append(1))
    assert await keeper.keep(pool_gateway)
    assert f"{made.username}:$7$1$" in (tmp_path / "passwords").read_text()
    assert not await keeper.keep(pool_gateway)
    async with pool_owner.transaction(district) as conn:
        await registry.revoke(conn, made.device_id, makers.NOW)
    assert await keeper.keep(pool_gateway)
    assert len(told) == 2
    assert str(made.username) not in (tmp_path / "passwords").read_text()
