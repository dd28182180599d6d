"""What a pack says of itself: each thing that does not agree is named."""

import hashlib
from typing import Any

import pytest

from services.evidence import agreeing, masking
from services.settlement import chain

LINE = "claim|c1|80.00"
BLOCK = [chain.line_hash(one) for one in ("claim|c0|1.00", LINE)]
ROOT = chain.root(BLOCK)
SEALED: dict[tuple[str, str], Any] = {
    ("claim", "id"): "c1",
    ("claim", "amount"): "80.00",
    ("claim", "subsidy"): "60.00",
    ("claim", "copay"): "20.00",
    ("scheme", "body"): "x = 1",
    ("scheme", "sha256"): hashlib.sha256(b"x = 1").hexdigest(),
    ("place", "number"): 1,
    ("place", "body"): LINE,
    ("place", "block"): [one.hex() for one in BLOCK],
    ("place", "blocks"): [chain.block_hash(BLOCK).hex()],
    ("statement", "seal_number"): 3,
    ("statement", "seal_body"): "{}",
    ("statement", "seal_lines_hash"): ROOT.hex(),
    ("statement", "seal_previous"): bytes(32).hex(),
    ("statement", "seal_hash"): chain.link(bytes(32), 3, "{}", ROOT).hex(),
}


def test_what_agrees_is_not_named() -> None:
    assert agreeing.contradictions(SEALED) == []
    draft = {key: value for key, value in SEALED.items() if key[0] in ("claim", "scheme")}
    assert agreeing.contradictions(draft) == []
    assert agreeing.contradictions({key: value for key, value in draft.items() if key[0] == "claim"}) == []


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        (("claim", "amount"), "81.00", ["sum"]),
        (("claim", "amount"), "much", ["sum"]),
        (("scheme", "body"), "x = 2", ["scheme_text"]),
        (("claim", "id"), "c2", ["line"]),
        (("place", "body"), "claim|c1|81.00", ["line"]),
        (("place", "number"), 0, ["line"]),
        (("place", "number"), 257, ["block"]),
        (("place", "block"), [one.hex() for one in BLOCK[::-1]], ["line", "block"]),
        (("place", "block"), "no list", ["line"]),
        (("place", "blocks"), [], ["block", "lines"]),
        (("statement", "seal_lines_hash"), bytes(32).hex(), ["lines", "link"]),
        (("statement", "seal_number"), 4, ["link"]),
        (("statement", "seal_previous"), "zz", ["line"]),
    ],
)
def test_what_does_not_agree_is_named(key: tuple[str, str], value: object, named: list[str]) -> None:
    assert agreeing.contradictions({**SEALED, key: value}) == named


def test_a_place_that_is_missing_is_named() -> None:
    assert agreeing.contradictions({k: v for k, v in SEALED.items() if k[0] != "place"}) == ["line"]
    assert agreeing.contradictions({k: v for k, v in SEALED.items() if k[0] != "claim"})[0] == "sum"


def test_a_name_keeps_its_first_letter_only() -> None:
    assert [masking.name(one) for one in ("王秀英", "欧阳老人", "王", "")] == ["王**", "欧***", "王*", ""]


def test_of_a_value_codes_and_figures_stay() -> None:
    value = {
        "code": "late",
        "minutes": 12,
        "ok": True,
        "lat": 1.0,
        "said": "他不在",
        "tel": "13800001234",
        "id": "110101194203050011",
        "list": ["a", "乙", None],
        "at": "2026-11-02T10:00:00+08:00",
    }
    assert masking.codes(value) == {
        "code": "late",
        "minutes": 12,
        "ok": True,
        "list": ["a"],
        "at": "2026-11-02T10:00:00+08:00",
    }
    deep: Any = "x"
    for _ in range(8):
        deep = [deep]
    assert "x" not in str(masking.codes(deep))


def test_a_digest_does_not_hang_on_the_order_of_keys() -> None:
    assert masking.digest({"a": 1, "b": "二"}) == masking.digest({"b": "二", "a": 1})
    assert masking.digest(None) == hashlib.sha256(b"null").hexdigest()
