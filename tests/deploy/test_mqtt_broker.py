import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import aiomqtt
import pytest

from core.errors import Failure
from deploy.embedded.mqtt import broker as broker_module
from deploy.embedded.mqtt.broker import Broker
from deploy.embedded.mqtt.packets import Publish
from gateway import access
from gateway.access import User
from tests.waiting import until

HOST = "127.0.0.1"
PASSWORD = "pw"
BED = UUID(int=1)
OTHER = UUID(int=2)
HUB = UUID(int=3)


class Doorman:
    """Users in memory, the gateway's rules."""

    def __init__(self) -> None:
        self.users = {
            "bed": User("bed", BED),
            "other": User("other", OTHER),
            "hub": User("hub", HUB, is_hub=True),
            "gateway": User("gateway"),
        }
        self.reports: list[tuple[str, str]] = []
        self.is_away = False
        self.on_login: Callable[[str], None] = lambda _: None

    async def log_in(self, name: str, password: str) -> User | None:
        self.on_login(name)
        if self.is_away:
            raise Failure("the registry does not answer")
        return self.users.get(name) if password == PASSWORD else None

    def may_publish(self, user: User, topic: str) -> bool:
        return access.may_publish(user, topic)

    def may_subscribe(self, user: User, wanted: str) -> bool:
        return access.may_subscribe(user, wanted)

    def refused(self, user: User, message: Publish) -> None:
        self.reports.append((user.name, message.topic))


@pytest.fixture
def door() -> Doorman:
    return Doorman()


@pytest.fixture
async def broker(door: Doorman) -> AsyncIterator[Broker]:
    broker = Broker(door, limit=256 * 1024)
    await broker.start(HOST, 0)
    watch = asyncio.create_task(broker.watch())
    yield broker
    watch.cancel()
    await broker.stop()


def client(broker: Broker, name: str, password: str = PASSWORD, **more: object) -> aiomqtt.Client:
    given = {"identifier": name, "timeout": 5} | more
    return aiomqtt.Client(HOST, broker.port, username=name, password=password, **given)  # type: ignore[arg-type]


async def heard(listener: aiomqtt.Client, count: int = 1) -> list[tuple[str, bytes]]:
    found = []
    async with asyncio.timeout(5):
        async for message in listener.messages:
            assert isinstance(message.payload, bytes)
            found.append((str(message.topic), message.payload))
            if len(found) == count:
                break
    return found


async def test_a_device_speaks_and_the_gateway_hears(broker: Broker) -> None:
    async with client(broker, "gateway") as gateway, client(broker, "bed") as bed:
        await gateway.subscribe("yl/v1/+/telemetry", qos=1)
        for qos in (0, 1, 2):
            await bed.publish(f"yl/v1/{BED}/telemetry", b"x" * 200_000, qos=qos)
        assert [len(payload) for _, payload in await heard(gateway, 3)] == [200_000] * 3


@pytest.mark.parametrize(("name", "password"), [("bed", "wrong"), ("nobody", "pw"), ("gateway", "")])
async def test_a_wrong_password_is_refused(broker: Broker, name: str, password: str) -> None:
    with pytest.raises(aiomqtt.MqttError, match=r"[Nn]ot authori[sz]ed|[Bb]ad user"):
        async with client(broker, name, password):
            pass


async def test_a_wrong_password_does_not_touch_the_session_of_its_name(broker: Broker) -> None:
    async with client(broker, "gateway", clean_session=False) as gateway, client(broker, "bed") as bed:
        await gateway.subscribe("yl/v1/#", qos=1)
        with pytest.raises(aiomqtt.MqttError):
            async with client(broker, "gateway", "wrong", clean_session=True):
                pass
        await bed.publish(f"yl/v1/{BED}/alarm", b"sos", qos=1)
        assert await heard(gateway) == [(f"yl/v1/{BED}/alarm", b"sos")]


async def test_nobody_comes_in_while_the_registry_is_away(broker: Broker, door: Doorman) -> None:
    door.is_away = True
    with pytest.raises(aiomqtt.MqttError, match="unavailable"):
        async with client(broker, "bed"):
            pass


async def test_a_foreign_topic_is_dropped_and_reported(broker: Broker, door: Doorman) -> None:
    async with client(broker, "gateway") as gateway, client(broker, "bed") as bed:
        await gateway.subscribe("yl/v1/#", qos=1)
        await bed.publish(f"yl/v1/{OTHER}/alarm", b"lie", qos=1)
        await bed.publish(f"yl/v1/{BED}/alarm", b"truth", qos=1)
        assert await heard(gateway) == [(f"yl/v1/{BED}/alarm", b"truth")]
    assert door.reports == [("bed", f"yl/v1/{OTHER}/alarm")]


@pytest.mark.parametrize(
    "wanted", ["#", "yl/v1/+/receipt", f"yl/v1/{OTHER}/receipt", f"yl/v1/{BED}/#", "$share/g/#"]
)
async def test_a_foreign_subscription_is_refused(broker: Broker, wanted: str) -> None:
    async with client(broker, "bed") as bed:
        granted = await bed.subscribe(wanted, qos=1)
        assert [str(code) if not isinstance(code, int) else code for code in granted] in (
            [128],
            ["Unspecified error"],
        )


async def test_the_client_id_is_forced_to_the_user_name(broker: Broker) -> None:
    async with client(broker, "gateway") as gateway, client(broker, "other", identifier="gateway") as other:
        await gateway.subscribe("yl/v1/#", qos=1)
        await other.publish(f"yl/v1/{OTHER}/alarm", b"mine", qos=1)
        assert sorted(broker.connections) == ["gateway", "other"]
        assert await heard(gateway) == [(f"yl/v1/{OTHER}/alarm", b"mine")]


async def test_the_gateway_may_open_several_connections_of_its_name(broker: Broker) -> None:
    async with (
        client(broker, "gateway", identifier="gateway-a"),
        client(broker, "gateway", identifier="gateway-b"),
    ):
        assert sorted(broker.connections) == ["gateway-a", "gateway-b"]


async def test_what_was_not_acknowledged_comes_again_to_a_kept_session(broker: Broker) -> None:
    first = client(broker, "gateway", clean_session=False)
    async with client(broker, "bed") as bed:
        async with first:
            first._client.manual_ack_set(on=True)  # noqa: SLF001 - aiomqtt has no public manual acknowledgement
            await first.subscribe("yl/v1/#", qos=1)
            await bed.publish(f"yl/v1/{BED}/alarm", b"1", qos=1)
            await heard(first)
        await bed.publish(f"yl/v1/{BED}/alarm", b"2", qos=1)
        async with client(broker, "gateway", clean_session=False) as again:
            assert [payload for _, payload in await heard(again, 2)] == [b"1", b"2"]
    assert broker.sessions["gateway"].owed == 0


async def test_a_status_is_retained_and_the_last_will_replaces_it(broker: Broker) -> None:
    topic = f"yl/v1/{BED}/status"
    will = aiomqtt.Will(topic, b"offline", qos=1, retain=True)
    async with client(broker, "gateway") as gateway:
        with pytest.raises(aiomqtt.MqttError):
            await online_then_cut(broker, gateway, topic, will)
        assert await heard(gateway) == [(topic, b"offline")]


async def online_then_cut(broker: Broker, gateway: aiomqtt.Client, topic: str, will: aiomqtt.Will) -> None:
    async with client(broker, "bed", will=will) as bed:
        await bed.publish(topic, b"online", qos=1, retain=True)
        await gateway.subscribe("yl/v1/+/status", qos=1)
        assert await heard(gateway) == [(topic, b"online")]
        broker.connections["bed"].abort()
        await heard(bed)


async def test_a_goodbye_leaves_no_will(broker: Broker) -> None:
    topic = f"yl/v1/{BED}/status"
    async with client(broker, "bed", will=aiomqtt.Will(topic, b"offline", qos=1, retain=True)):
        pass
    assert broker.retained == {}


async def test_an_expelled_user_loses_its_connection_at_once(broker: Broker) -> None:
    async def stay() -> None:
        async with client(broker, "bed") as bed:
            broker.expel("bed")
            await heard(bed)

    with pytest.raises(aiomqtt.MqttError):
        await stay()


async def test_who_is_revoked_while_the_registry_is_asked_does_not_come_in(
    broker: Broker, door: Doorman
) -> None:
    door.on_login = broker.expel
    with pytest.raises(aiomqtt.MqttError, match=r"[Nn]ot authori[sz]ed|[Bb]ad user"):
        async with client(broker, "bed"):
            pass


async def test_a_silent_connection_is_ended(broker: Broker) -> None:
    reader, writer = await asyncio.open_connection(HOST, broker.port)
    hello = b"\x00\x04MQTT\x04\xc2\x00\x01" + b"".join(
        struct.pack("!H", len(t)) + t for t in (b"", b"bed", b"pw")
    )
    writer.write(bytes((0x10, len(hello))) + hello)
    assert await reader.readexactly(4) == b"\x20\x02\x00\x00"
    async with asyncio.timeout(6):
        assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize(
    "bad", [b"GET / HTTP/1.1\r\n\r\n", b"\x10\xff\xff\xff\xff\x01", b"\x30\x05\x00\x03abc", b"\x10\x00"]
)
async def test_garbage_ends_the_connection_and_nothing_else(broker: Broker, bad: bytes) -> None:
    reader, writer = await asyncio.open_connection(HOST, broker.port)
    writer.write(bad)
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()
    async with client(broker, "bed"):
        pass


async def test_a_client_of_mqtt_5_is_told_so_in_its_own_words(broker: Broker) -> None:
    with pytest.raises(aiomqtt.MqttError, match=r"[Uu]nsupported protocol version"):
        async with client(broker, "bed", protocol=aiomqtt.ProtocolVersion.V5):
            pass


async def test_members_of_a_group_share_the_messages(broker: Broker) -> None:
    async with (
        client(broker, "gateway", identifier="gateway-a") as a,
        client(broker, "gateway", identifier="gateway-b") as b,
        client(broker, "bed") as bed,
    ):
        for member in (a, b):
            member._client.manual_ack_set(on=True)  # noqa: SLF001 - aiomqtt has no public manual acknowledgement
            await member.subscribe("$share/g/yl/v1/#", qos=1)
        for number in range(10):
            await bed.publish(f"yl/v1/{BED}/telemetry", str(number), qos=1)
        both = await heard(a, 5) + await heard(b, 5)
        assert sorted(payload for _, payload in both) == [str(number).encode() for number in range(10)]


async def test_writers_wait_while_a_reader_is_far_behind_and_nothing_is_dropped(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_module, "MANY", 10)
    monkeypatch.setattr(broker_module, "FEW", 5)
    async with client(broker, "gateway", clean_session=False) as gateway:
        await gateway.subscribe("yl/v1/#", qos=1)
    async with client(broker, "bed") as bed, asyncio.TaskGroup() as tasks:
        for number in range(30):
            tasks.create_task(bed.publish(f"yl/v1/{BED}/telemetry", str(number), qos=1))
        await until(lambda: broker.connections["bed"].is_held)
        assert broker.sessions["gateway"].owed < 30
        async with client(broker, "gateway", clean_session=False) as again:
            assert [payload for _, payload in await heard(again, 30)] == [str(n).encode() for n in range(30)]
