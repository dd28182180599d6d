"""The hash of an issued list."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.allowances import sealing

HEAD: dict[str, Any] = {
    "number": 1,
    "scheme_code": "old_age",
    "month": date(2026, 11, 1),
    "total": Decimal("100.00"),
    "created_by": UUID(int=1),
    "checked_by": UUID(int=1),
    "approved_by": UUID(int=2),
}
LINE: dict[str, Any] = {
    "id": UUID(int=3),
    "elder_id": UUID(int=4),
    "kind": "regular",
    "for_month": date(2026, 11, 1),
    "amount": Decimal("100.00"),
    "previous": None,
    "change": "new",
    "reasons": [],
    "explanation": [{"code": "due", "amount": "100.00"}],
    "payment_id": None,
    "correction_id": None,
}


def test_the_same_list_has_the_same_hash_of_32_bytes() -> None:
    first = sealing.chain(None, HEAD, [LINE])
    assert first == sealing.chain(None, dict(HEAD), [dict(LINE)])
    assert len(first) == 32


@pytest.mark.parametrize("field", sorted(HEAD))
def test_every_field_of_the_list_is_in_the_hash(field: str) -> None:
    assert sealing.chain(None, {**HEAD, field: "other"}, [LINE]) != sealing.chain(None, HEAD, [LINE])


@pytest.mark.parametrize("field", sorted(LINE))
def test_every_field_of_a_line_is_in_the_hash(field: str) -> None:
    assert sealing.chain(None, HEAD, [{**LINE, field: "other"}]) != sealing.chain(None, HEAD, [LINE])


def test_the_list_before_and_the_order_of_lines_are_in_the_hash() -> None:
    other = {**LINE, "id": UUID(int=9)}
    assert sealing.chain(b"x", HEAD, [LINE]) != sealing.chain(None, HEAD, [LINE])
    assert sealing.chain(None, HEAD, [LINE, other]) != sealing.chain(None, HEAD, [other, LINE])


def test_a_reference_begins_with_a_letter() -> None:
    assert sealing.reference(7, 12) == "A00007-00012"
