"""The text of a home's bridge file, by ecosystem; with real Mosquittos it is tested in tests/mosquitto."""

import pytest

from core.errors import Failure
from deploy.mosquitto import bridge
from deploy.mosquitto.bridge import Far
from devices import codecs

FAR = Far("care.example:8883")


@pytest.mark.parametrize("name", bridge.ecosystems())
def test_what_a_bridge_passes_on_has_a_codec_and_stays_below_the_hub(name: str) -> None:
    assert name in codecs.ECOSYSTEMS
    lines = bridge.text("h", "p", FAR, [name], ["tree/#"]).splitlines()
    topics = [line.split() for line in lines if line.startswith("topic ")]
    assert topics[-1] == ["topic", "tree/#", "out", "1", '""', f"eco/h/{name}/"]
    assert {words[2] for words in topics} <= {"in", "out"}
    assert {words[5] for words in topics} == {f"eco/h/{name}/"}


def test_an_ecosystem_without_topics_of_its_own_wants_to_be_told_which() -> None:
    with pytest.raises(Failure, match="say with --topic which topics are plain"):
        bridge.text("h", "p", FAR, ["plain"])
    with pytest.raises(Failure, match="no topics are known of zigbee"):
        bridge.text("h", "p", FAR, ["zigbee"])
