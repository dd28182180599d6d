"""What holds of every codec."""

from typing import Any

import pytest

from devices import codecs
from devices.messages import Message, Rejected
from tests.devices.platforms import NOW, say


def test_a_codec_s_own_mistake_costs_one_message_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> list[Message]:
        raise KeyError

    monkeypatch.setitem(codecs.ECOSYSTEMS, "broken", broken)
    with pytest.raises(Rejected) as wrong:
        codecs.decode("eco/hub/broken/x", b"{}", NOW)
    assert (wrong.value.reason, wrong.value.field) == ("poison", "KeyError")


def test_a_known_name_that_is_none_of_ours_is_shown_as_it_is() -> None:
    door = {"address": "3c:2e:f5:71:d5:2a", "pid": 1, "BTHome_version": 2, "window": 1, "rotation": 12}
    event = {"component": "script:1", "event": "shelly-blu", "data": door}
    (message,) = say("shelly", "gw/events/rpc", {"method": "NotifyEvent", "params": {"events": [event]}})
    assert message.values == {"open": True, "rotation": 12}


def _learn(memory: dict[str, Any], said: list[Message]) -> None:
    for message in said:
        assert message.learned is not None
        memory[message.learned[0]] = message.learned[1]


@pytest.mark.parametrize("pattern", ["+/+/BTtoMQTT/AA", "home/#", "home/OMG/+/AA"])
def test_a_topic_with_wildcards_is_found_until_it_is_forgotten(pattern: str) -> None:
    memory: dict[str, Any] = {}
    config: dict[str, Any] = {
        "stat_t": pattern,
        "dev_cla": "humidity",
        "uniq_id": "h",
        "val_tpl": "{{ value_json.hum }}",
    }
    config |= {"dev": {"ids": ["AA"]}, "json_attr_t": "other/#"}
    topic, heard = "homeassistant/sensor/AA-hum/config", "home/OMG/BTtoMQTT/AA"
    second = topic.replace("hum", "tem")
    for name, taught in ((topic, config), (second, {**config, "uniq_id": "t"}), (second, b"")):
        _learn(memory, say("home_assistant", name, taught, memory))
    assert say("home_assistant", heard, {"hum": 41}, memory)[0].values == {"humidity": 41}
    for foreign in ("x/y", "AA", "x/OMG/y/AA"):
        with pytest.raises(Rejected):
            say("home_assistant", foreign, {"hum": 41}, memory)
    _learn(memory, say("home_assistant", topic, b"", memory))
    assert not any(memory.values())


def test_firmware_and_shadows_say_nothing_of_a_home() -> None:
    assert say("alink", "/ota/device/inform/pk/dn", {"id": "1"})[0].kind == "ignored"
    assert say("sparkplug_b", "STATE/scada", b"ONLINE")[0].kind == "ignored"
