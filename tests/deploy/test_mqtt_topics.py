import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.embedded.mqtt import packets, topics

LEVELS = st.sampled_from(["a", "b", "", "$x", "\u5e8a"])
NAMES = st.lists(LEVELS, min_size=1, max_size=4).map("/".join).filter(bool)
FILTERS = st.tuples(
    st.lists(st.sampled_from(["a", "b", "", "+", "$x"]), min_size=1, max_size=4), st.booleans()
).map(lambda parts: "/".join(parts[0] + ["#"] * parts[1]))


@pytest.mark.parametrize(
    ("wanted", "topic", "expected"),
    [
        ("a/+/c", "a/b/c", True),
        ("a/#", "a", True),
        ("a/#", "a/b/c", True),
        ("a/+", "a", False),
        ("a/+", "a/", True),
        ("+", "/a", False),
        ("#", "$SYS/x", False),
        ("+/x", "$SYS/x", False),
        ("$SYS/#", "$SYS/x", True),
    ],
)
def test_a_filter_matches_as_the_standard_says(wanted: str, topic: str, *, expected: bool) -> None:
    assert topics.matches(wanted, topic) is expected


@pytest.mark.parametrize(
    ("wanted", "expected"), [("a/#/b", False), ("a+/b", False), ("", False), ("#", True), ("a//+", True)]
)
def test_a_filter_is_well_formed_or_not(wanted: str, *, expected: bool) -> None:
    assert topics.is_filter(wanted) is expected


@given(st.lists(FILTERS, max_size=8, unique=True), NAMES)
def test_the_tree_finds_what_matching_one_by_one_finds(filters: list[str], topic: str) -> None:
    tree: topics.Tree[str] = topics.Tree()
    for wanted in filters:
        tree.add(wanted, wanted, 1)
    assert set(tree.match(topic)) == {wanted for wanted in filters if topics.matches(wanted, topic)}
    for wanted in filters:
        tree.remove(wanted, wanted)
    assert tree.match(topic) == {}


@given(
    NAMES.filter(lambda name: "$" not in name),
    st.binary(max_size=300),
    st.integers(0, 2),
    st.sampled_from([True, False]),
)
def test_a_message_is_read_as_it_was_written(topic: str, payload: bytes, qos: int, retain: object) -> None:
    message = packets.Publish(topic, payload, qos, bool(retain), 7 if qos else 0)
    buffer = bytearray(packets.write_publish(message, 7) + b"\xc0")
    frame = packets.take(buffer, 10_000)
    assert frame is not None
    assert packets.publish(frame) == message
    assert buffer == b"\xc0"


@given(st.binary(max_size=60))
def test_no_bytes_make_the_reader_crash(data: bytes) -> None:
    readers = (packets.connect, packets.publish, packets.subscribe, packets.unsubscribe, packets.acknowledged)
    for read in readers:
        try:
            frame = packets.take(bytearray(data), 100)
            if frame is not None:
                read(frame)
        except packets.Malformed:
            continue
