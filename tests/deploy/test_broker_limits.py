from typing import Any

import pytest

from core.errors import Failure
from deploy import broker_limits
from deploy.embedded.postgres import HOST, free_port
from deploy.mosquitto import files
from tests.brokers import EmbeddedBroker

GOOD_EMQX: dict[str, dict[str, Any]] = {
    "mqtt": {
        "max_mqueue_len": "infinity",
        "session_expiry_interval": "7d",
        "max_inflight": 1000,
        "max_packet_size": "256KB",
    },
    "authorization": {"no_match": "deny", "cache": {"enable": False}},
    "durable_sessions": {"enable": True},
}


def test_the_configuration_that_we_ship_drops_nothing() -> None:
    assert broker_limits.mosquitto(files.CONFIG.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("", None),
        ("max_queued_messages 1000", "dropped in silence"),
        ("max_queued_messages 0", "foreign topic"),
        ("max_queued_bytes 1000000", "max_queued_bytes"),
        ("max_inflight_messages 20", "max_inflight_messages is 20"),
        ("message_size_limit 1000", "1000 bytes"),
        ("persistence false", "persistence is off"),
        ("autosave_interval 1800", "autosave_interval is 1800"),
        ("autosave_interval 0", "autosave_interval is 0"),
        ("persistent_client_expiration 1h", "persistent_client_expiration"),
        ("allow_anonymous true", "anybody"),
        ("use_username_as_clientid false", "another's session"),
        ("set_tcp_nodelay false", "40 ms"),
        ("per_listener_settings false", "after a restart"),
    ],
)
def test_each_limit_of_mosquitto_is_named(line: str, wrong: str | None) -> None:
    found = broker_limits.mosquitto(files.CONFIG.read_text(encoding="utf-8") + f"\n# a comment\n{line}\n")
    assert [wrong in words for words in found] == ([] if wrong is None else [True])  # type: ignore[operator]


def test_mosquittos_defaults_are_no_configuration_for_alarms() -> None:
    found = broker_limits.mosquitto("listener 1883\nset_tcp_nodelay\n")
    assert any("max_queued_messages is 1000" in words for words in found)
    assert any("persistence" in words for words in found)


@pytest.mark.parametrize(
    ("part", "name", "value", "wrong"),
    [
        ("mqtt", "max_mqueue_len", 1000, "max_mqueue_len is 1000"),
        ("mqtt", "session_expiry_interval", "2h", "session_expiry_interval is 7200"),
        ("mqtt", "session_expiry_interval", 60, "session_expiry_interval is 60"),
        ("mqtt", "max_inflight", 32, "max_inflight is 32"),
        ("mqtt", "max_packet_size", "64KB", "65536"),
        ("authorization", "no_match", "allow", "no_match"),
        ("authorization", "cache", {"enable": True}, "cache"),
        ("durable_sessions", "enable", False, "durable_sessions"),
    ],
)
def test_each_limit_of_emqx_is_named(part: str, name: str, value: object, wrong: str) -> None:
    config = {**GOOD_EMQX, part: {**GOOD_EMQX[part], name: value}}
    (found,) = broker_limits.emqx(config)
    assert wrong in found


def test_what_we_write_for_emqx_is_well() -> None:
    assert broker_limits.emqx(GOOD_EMQX) == []
    endless = {**GOOD_EMQX, "mqtt": {**GOOD_EMQX["mqtt"], "session_expiry_interval": "infinity"}}
    assert broker_limits.emqx(endless) == []
    assert len(broker_limits.emqx({})) == 6


async def test_a_broker_that_keeps_everything_gives_everything_back(broker: EmbeddedBroker) -> None:
    assert await broker_limits.probe(broker.gateway_url) == broker_limits.PROBES


async def test_a_broker_that_is_not_there_is_said_so() -> None:
    with pytest.raises(Failure, match="does not answer"):
        await broker_limits.probe(f"mqtt://gateway:x@{HOST}:{free_port()}")
