"""Any changed byte of a pack is named, by line, part and field."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import signing
from core.signing import Ring
from services.evidence import lines, verifying
from services.evidence.lines import Head, Leaf

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
RING = Ring.generate(NOW)
ONE = "0193a000-0000-7000-8000-000000000001"
HEAD = Head(ONE, RING.newest.hex, {"claim": UUID(int=1), "made_at": NOW})
CHAIN = [
    *lines.leaves("claim", {"amount": Decimal("80.00"), "service_on": date(2026, 11, 2), "name": "王**"}),
    *lines.numbered(
        "step", [{"action": "check_in", "raw": b"\x01\xff"}, {"action": "check_out", "data": {}}]
    ),
]
DATA = lines.write(HEAD, CHAIN, RING.sign)
ROWS = DATA.split(b"\n")[:-1]
NAMES = [
    ("pack", "format"),
    ("pack", "id"),
    ("pack", "key"),
    ("pack", "claim"),
    ("pack", "made_at"),
    ("claim", "amount"),
    ("claim", "service_on"),
    ("claim", "name"),
    ("step[1]", "action"),
    ("step[1]", "raw"),
    ("step[2]", "action"),
    ("step[2]", "data"),
    ("seal", "id"),
    ("seal", "key"),
    ("seal", "lines"),
    ("seal", "index"),
]


def judge(data: bytes, *trusted: str) -> verifying.Verdict:
    return verifying.verify(data, signing.verify, trusted)


def line_of(at: int) -> int:
    """Return the number of the line in which a byte lies (its newline is its last byte)."""
    return DATA.count(b"\n", 0, at) + 1


def faults(data: bytes) -> list[tuple[str, int, str, str]]:
    return [(one.code, one.line, one.part, one.field) for one in judge(data).faults]


def test_a_pack_as_it_was_written_is_whole_and_gives_its_values() -> None:
    verdict = judge(DATA)
    assert verdict.is_whole
    assert (verdict.pack, verdict.key, verdict.lines) == (ONE, RING.newest.hex, 16)
    assert verdict.values is not None
    assert list(verdict.values) == NAMES
    assert verdict.values["claim", "amount"] == "80.00"
    assert verdict.values["claim", "name"] == "王**"
    assert verdict.values["step[1]", "raw"] == "01ff"
    assert verdict.values["seal", "lines"] == 16


@settings(max_examples=400, deadline=None)
@given(at=st.integers(0, len(DATA) - 1), other=st.integers(1, 255))
def test_any_byte_that_is_changed_is_named_by_line_part_and_field(at: int, other: int) -> None:
    data = DATA[:at] + bytes([DATA[at] ^ other]) + DATA[at + 1 :]
    number = line_of(at)
    named = {("changed", number, *NAMES[number - 1])}
    if DATA[at : at + 1] == b"\n" and number < len(NAMES):  # two lines have become one
        named.add(("changed", number + 1, *NAMES[number]))
    assert set(faults(data)) == named


@pytest.mark.parametrize("number", [1, 2, 3, 13, 14, 15, 16])
def test_every_byte_of_the_lines_that_name_pack_key_and_order_is_named_too(number: int) -> None:
    start = sum(len(row) + 1 for row in ROWS[: number - 1])
    for at in range(start, start + len(ROWS[number - 1])):
        data = DATA[:at] + bytes([DATA[at] ^ 1]) + DATA[at + 1 :]
        assert faults(data) == [("changed", number, *NAMES[number - 1])]


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, len(DATA) - 1))
def test_a_file_that_was_cut_is_never_whole(at: int) -> None:
    assert not judge(DATA[:at]).is_whole


def test_a_line_taken_out_put_in_or_moved_is_named() -> None:
    out = b"\n".join([*ROWS[:5], *ROWS[6:], b""])
    assert faults(out) == [("missing", 6, "claim", "amount")]
    twice = b"\n".join([*ROWS[:6], ROWS[5], *ROWS[6:], b""])
    assert faults(twice) == [("out_of_place", 6, "claim", "amount")]
    moved = b"\n".join([*ROWS[:5], ROWS[6], ROWS[5], *ROWS[7:], b""])
    assert ("out_of_place", 6, "claim", "amount") in faults(moved)
    added = b"\n".join([*ROWS[:5], b"{}", *ROWS[5:], b""])
    assert faults(added) == [("added", 6, "", "")]


def test_a_file_that_was_cut_after_a_line_lacks_what_came_after_it() -> None:
    named = [("missing", number, *NAMES[number - 1]) for number in (15, 16)]
    assert faults(b"\n".join([*ROWS[:14], b""])) == [("missing", 15, "seal", "index")]
    assert faults(b"\n".join([*ROWS[:15], b""])) == named[1:]
    assert faults(b"\n".join([*ROWS[:-3], ROWS[-1], b""])) == [
        ("missing", 14, "seal", "key"),
        named[0],
    ]


def test_without_the_index_the_names_come_from_the_lines_themselves() -> None:
    broken = [b"x" + ROWS[5], b"{}", *ROWS[7:-2], ROWS[-1] + b" "]
    found = faults(b"\n".join([*ROWS[:5], *broken, b""]))
    assert found[:2] == [("changed", 6, "claim", "amount"), ("changed", 7, "", "")]
    assert found[2][0] == "changed"


def test_a_line_of_another_pack_of_the_same_key_does_not_fit() -> None:
    other = Head("0193a000-0000-7000-8000-000000000002", RING.newest.hex, HEAD.about)
    cheaper = [Leaf("claim", "amount", "8.00"), *CHAIN[1:]]
    foreign = lines.write(other, cheaper, RING.sign).split(b"\n")
    data = b"\n".join([*ROWS[:5], foreign[5], *ROWS[6:], b""])
    assert faults(data) == [("changed", 6, "claim", "amount")]


def test_a_pack_signed_anew_by_somebody_else_is_told_from_a_key_that_one_trusts() -> None:
    forger = Ring.generate(NOW)
    forged = lines.write(Head(ONE, forger.newest.hex, HEAD.about), CHAIN, forger.sign)
    assert judge(forged).is_whole
    assert [one.code for one in judge(forged, RING.newest.hex).faults] == ["other_key"]
    assert judge(DATA, RING.newest.hex, forger.newest.hex).is_whole


def test_both_copies_of_the_key_may_be_lost_when_the_reader_knows_it() -> None:
    data = DATA.replace(RING.newest.hex.encode(), b"0" * 64)
    verdict = judge(data, RING.newest.hex)
    assert [(one.code, one.line) for one in verdict.faults] == [("changed", 3), ("changed", 14)]
    assert judge(data).faults == (verifying.Fault("no_pack", 0),)


@pytest.mark.parametrize("data", [b"", b"{}", b"\n", b"\xff" * 100, b'{"n":1,"sig":""}\n'])
def test_what_is_no_pack_is_said_to_be_none(data: bytes) -> None:
    assert judge(data).faults == (verifying.Fault("no_pack", 0),)


def test_a_later_format_is_not_taken_for_this_one() -> None:
    body = b'{"n":1,"part":"pack","field":"format","value":"yinling-evidence/2"'
    rest = b'{"n":2,"part":"pack","field":"id","value":"' + ONE.encode() + b'"'
    keyed = b'{"n":3,"part":"pack","field":"key","value":"' + RING.newest.hex.encode() + b'"'
    signed = [lines._signed(ONE, one, RING.sign) for one in (body, rest, keyed)]  # noqa: SLF001 - a writer of its own
    assert "no_pack" in [one.code for one in judge(b"".join(signed)).faults]


def test_a_value_that_no_pack_can_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="a pack holds no set"):
        lines.write(HEAD, [Leaf("claim", "x", {1})], RING.sign)
