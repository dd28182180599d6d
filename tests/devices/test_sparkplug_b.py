"""Sparkplug B: births teach, data follows, gaps ask for a rebirth, deaths are of all."""

from typing import Any

import pytest

from devices.codecs import sparkplug_payload
from devices.messages import Message
from tests.devices.platforms import MS, line_reason, reason, say

KINDS = sparkplug_payload._classes()  # noqa: SLF001 - the wire's own encoder
M = KINDS["Metric"]


def wire(*metrics: Any, seq: int | None = 0, clock: int | None = MS) -> bytes:
    found: bytes = KINDS["Payload"](timestamp=clock, seq=seq, metrics=metrics).SerializeToString()
    return found


class Node:
    """A node that says things, and what is remembered of it."""

    def __init__(self) -> None:
        self.memory: dict[str, Any] = {}

    def says(self, kind: str, path: str, payload: Any) -> list[Message]:
        found = say("sparkplug_b", f"spBv1.0/G/{kind}/{path}", payload, self.memory)
        for message in found:
            if message.learned is not None:
                self.memory[message.learned[0]] = message.learned[1]
        return [message for message in found if message.kind != "learned" or message.reply]


@pytest.fixture
def node() -> Node:
    node = Node()
    node.says("NBIRTH", "E", wire(M(name="bdSeq", datatype=4, long_value=3)))
    bed = [
        M(name="Vitals/Heart Rate", alias=5, datatype=2, int_value=70),
        M(name="Vitals/InBed", alias=6, datatype=11, boolean_value=True),
        M(name="Note", alias=7, datatype=1),
    ]
    node.says("DBIRTH", "E/bed", wire(*bed, seq=1))
    return node


def test_a_birth_says_who_is_there_with_all_values() -> None:
    told, status = Node().says("DBIRTH", "E/bed", wire(M(name="hr", datatype=3, int_value=70)))
    assert (told.values, told.addresses) == ({"heart_rate": 70}, ("G/E/bed", "bed"))
    assert status.is_online is True


def test_data_is_known_by_its_alias(node: Node) -> None:
    (told,) = node.says(
        "DDATA", "E/bed", wire(M(alias=5, int_value=72), M(alias=6, boolean_value=False), seq=2)
    )
    assert told.values == {"heart_rate": 72, "in_bed": False}


def test_a_signed_number_and_bytes_are_what_they_mean(node: Node) -> None:
    metrics = [M(alias=7, int_value=4294967295), M(name="raw", bytes_value=b"ab"), M(name="up", long_value=5)]
    (told,) = node.says("DDATA", "E/bed", wire(*metrics, seq=2))
    assert told.values == {"Note": -1, "raw": "YWI=", "up": 5}
    (positive,) = node.says("DDATA", "E/bed", wire(M(name="x", datatype=4, long_value=5), seq=3))
    assert positive.values == {"x": 5}


def test_null_is_nothing_and_history_stands_apart(node: Node) -> None:
    metrics = [
        M(alias=5, is_null=True),
        M(alias=6, boolean_value=True, is_historical=True, timestamp=MS - 1000),
    ]
    (told,) = node.says("DDATA", "E/bed", wire(*metrics, seq=2))
    assert (told.values, told.is_historical) == ({"in_bed": True}, True)


def test_a_gap_asks_for_a_rebirth_once_a_minute(node: Node) -> None:
    node.memory["seq:G/E"]["asked"] = 0.0
    _, asking = node.says("DDATA", "E/bed", wire(M(alias=5, int_value=72), seq=9))
    assert asking.reply is not None
    assert asking.reply.topic == "spBv1.0/G/NCMD/E"
    command = KINDS["Payload"].FromString(asking.reply.accepted)
    assert (command.metrics[0].name, command.metrics[0].boolean_value) == ("Node Control/Rebirth", True)
    (quiet,) = node.says("DDATA", "E/bed", wire(M(alias=5, int_value=72), seq=40))
    assert quiet.values == {"heart_rate": 72}


def test_an_alias_that_no_birth_explains_is_kept_and_asks() -> None:
    told, asking = Node().says("NDATA", "E", wire(M(alias=99, int_value=1), seq=None))
    assert told.values == {"alias 99": 1}
    assert asking.reply is not None


def test_an_old_will_is_no_death_and_the_right_one_is_of_all(node: Node) -> None:
    (old,) = node.says("NDEATH", "E", wire(M(name="bdSeq", long_value=2)))
    assert old.kind == "ignored"
    gone = node.says("NDEATH", "E", wire(M(name="bdSeq", long_value=3)))
    assert [(one.addresses[0], one.is_online) for one in gone] == [("G/E", False), ("G/E/bed", False)]
    (nameless,) = Node().says("NDEATH", "E", wire())
    assert nameless.is_online is False


def test_a_device_may_die_alone(node: Node) -> None:
    (gone,) = node.says("DDEATH", "E/bed", wire(seq=2))
    assert (gone.addresses[0], gone.is_online) == ("G/E/bed", False)


def test_json_that_some_gateways_send_is_read(node: Node) -> None:
    metric = {"name": "hr", "alias": 4, "dataType": "Int8", "value": 200, "timestamp": MS}
    told, _ = node.says("DBIRTH", "E/x", {"payload": {"timestamp": MS, "seq": 2, "metrics": [metric]}})
    assert told.values == {"heart_rate": -56}
    rows = [{"alias": 4, "value": 61, "isHistorical": True}, {"name": "t", "value": 1, "is_null": True}]
    (data,) = node.says("DDATA", "E/x", {"metrics": rows, "seq": "x"})
    assert (data.values, data.is_historical) == ({"heart_rate": 61}, True)


def test_a_birth_without_a_sequence_remembers_names_only() -> None:
    node = Node()
    node.says("DBIRTH", "E/x", {"metrics": [{"name": "t", "value": 20}]})
    assert list(node.memory) == ["birth:G/E/x"]


def test_a_name_in_broken_utf_8_is_kept_readable() -> None:
    told, _ = Node().says("DBIRTH", "E/x", wire(M(name="xx", int_value=1)).replace(b"xx", b"\xff\xff"))
    assert told.values == {"\ufffd\ufffd": 1}


@pytest.mark.parametrize("topic", ["spBv1.0/STATE/host", "spBv1.0/G/NCMD/E", "spBv1.0/G/DCMD/E/bed"])
def test_what_hosts_say_is_left(topic: str) -> None:
    assert say("sparkplug_b", topic, b"{}")[0].kind == "ignored"


@pytest.mark.parametrize("nth", [0, 1])
def test_documentation_that_is_neither_protobuf_nor_json_is_refused(nth: int) -> None:
    assert line_reason("sparkplug_b", nth) == "not_json"


@pytest.mark.parametrize(
    ("topic", "body", "why"),
    [
        ("spAv1.0/G/NDATA/E", b"", "unknown_topic"),
        ("spBv1.0/G/NDATA/E/bed", b"", "unknown_topic"),
        ("spBv1.0/G/DDATA/E", b"", "unknown_topic"),
        ("spBv1.0/G/WHAT/E", b"", "unknown_topic"),
        ("spBv1.0/G/NDATA/", b"", "missing_field"),
        ("spBv1.0/G/NDATA/E", b"\xff\xff", "not_protobuf"),
        ("spBv1.0/G/NDATA/E", {"metrics": 1}, "missing_field"),
        ("spBv1.0/G/NDATA/E", {"payload": 1}, "missing_field"),
    ],
)
def test_what_does_not_fit_is_named(topic: str, body: Any, why: str) -> None:
    assert reason("sparkplug_b", topic, body) == why
