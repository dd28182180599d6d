"""Numbers as people type them, and lists of contacts that only look like lists."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import contact_lists, phones
from core.contact_lists import Contact, Warned

A, B, C = (UUID(int=n) for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("written", "stored", "e164", "kind"),
    [
        ("13800001111", "13800001111", "+8613800001111", "mobile"),
        ("138 0000 1111", "13800001111", "+8613800001111", "mobile"),
        ("1380000-1111", "13800001111", "+8613800001111", "mobile"),
        ("+86 138-0000-1111", "13800001111", "+8613800001111", "mobile"),
        ("86 138 0000 1111", "13800001111", "+8613800001111", "mobile"),
        ("008613800001111", "13800001111", "+8613800001111", "mobile"),
        (
            "\uff11\uff13\uff18\uff10\uff10\uff10\uff10\uff11\uff11\uff11\uff11",
            "13800001111",
            "+8613800001111",
            "mobile",
        ),
        ("0546-8211234", "05468211234", "+865468211234", "landline"),
        ("(0546) 8211234", "05468211234", "+865468211234", "landline"),
        ("+86 546 8211234", "05468211234", "+865468211234", "landline"),
        ("010 6655 4433", "01066554433", "+861066554433", "landline"),
        ("+86 10 66554433", "01066554433", "+861066554433", "landline"),
        ("0546-8211234-801", "05468211234-801", "+865468211234", "landline"),
        ("0546-8211234转801", "05468211234-801", "+865468211234", "landline"),
        ("0546-8211234 分机 12", "05468211234-12", "+865468211234", "landline"),
        ("0546-8211234 ext. 12", "05468211234-12", "+865468211234", "landline"),
        ("12345", "12345", "+8612345", "service"),
        ("4008001234", "4008001234", "+864008001234", "service"),
        ("120", "120", "+86120", "service"),
        ("+44 20 7946 0958", "+442079460958", "+442079460958", "abroad"),
    ],
)
def test_a_number_is_read_as_people_write_it(written: str, stored: str, e164: str, kind: str) -> None:
    number = phones.read(written)
    assert (number.stored, number.e164, number.kind) == (stored, e164, kind)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "empty"),
        ("+86", "empty"),
        ("no phone", "letters"),
        ("138OOOO1111", "letters"),
        ("²²²", "letters"),
        ("1380000111", "too_short"),
        ("138000011111", "too_long"),
        ("12800001111", "prefix"),
        ("8211234", "area"),
        ("0", "area"),
        ("0012", "abroad"),
        ("0126211234", "area"),
        ("0546821", "too_short"),
        ("0546821123456", "too_long"),
        ("05460211234", "prefix"),
        ("+1", "abroad"),
        ("222222", "prefix"),
        ("10012345678", "prefix"),
        ("13800001111/13900002222", "several"),
        ("13800001111、13900002222", "several"),
    ],
)
def test_a_mistyped_number_is_refused_and_says_why(written: str, code: str) -> None:
    with pytest.raises(phones.BadNumber) as refused:
        phones.read(written)
    assert refused.value.code == code
    assert phones.find(written) is None or written == "10012345678"


def test_numbers_that_nobody_can_dial_are_for_the_demonstration_alone() -> None:
    assert phones.read("10012345678", made_up=True).kind == "made_up"
    assert phones.read("+86 10012345678", made_up=True).stored == "10012345678"


def test_an_extension_rings_the_same_line_and_the_emergency_services_are_nobodys_contact() -> None:
    assert phones.read("0546-8211234转801").line == phones.read("05468211234").line
    assert phones.read("120").is_emergency
    assert not phones.read("12345").is_emergency


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused_and_what_is_kept_is_read_again(text: str) -> None:
    found = phones.find(text)
    if found is not None:
        assert phones.read(found, made_up=True).stored == found


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.lists(st.integers(1, 10), max_size=4))
def test_blanks_and_dashes_change_nothing(number: str, places: list[int]) -> None:
    written = number
    for place in sorted(set(places), reverse=True):
        written = f"{written[:place]}{' -'[place % 2]}{written[place:]}"
    assert phones.read(written).stored == number


OWN, SON, AUNT = "13800000000", "13800000001", "13800000002"


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ([], [Warned("no_contacts", (), is_grave=True)]),
        ([Contact(A, SON, has_key=True), Contact(B, AUNT)], []),
        ([Contact(A, SON, has_key=True)], [Warned("only_one")]),
        ([Contact(A, SON), Contact(B, AUNT)], [Warned("nobody_with_key")]),
        (
            [Contact(A, SON, has_key=True), Contact(B, SON), Contact(C, SON)],
            [Warned("one_number", (A, B, C), is_grave=True)],
        ),
        (
            [Contact(A, SON, has_key=True), Contact(B, SON), Contact(C, AUNT)],
            [Warned("shared_number", (A, B))],
        ),
        ([Contact(A, OWN, has_key=True), Contact(B, SON)], [Warned("elders_own", (A,))]),
        (
            [Contact(A, OWN, has_key=True)],
            [Warned("elders_own", (A,), is_grave=True), Warned("only_one")],
        ),
        (
            [Contact(A, None, has_key=True), Contact(B, "123")],
            [Warned("nobody_to_call", is_grave=True), Warned("no_number", (A,)), Warned("mistyped", (B,))],
        ),
        (
            [Contact(A, "+442079460958", has_key=True), Contact(B, SON)],
            [Warned("abroad", (A,))],
        ),
        (
            [Contact(A, SON, has_key=True, elders=4), Contact(B, AUNT, elders=3)],
            [Warned("number_of_many", (A,))],
        ),
    ],
)
def test_a_list_that_is_none_is_named(contacts: list[Contact], expected: list[Warned]) -> None:
    assert contact_lists.warnings(OWN, contacts) == expected


def test_without_a_number_of_the_elders_own_nothing_is_compared_with_it() -> None:
    assert contact_lists.warnings(None, [Contact(A, SON, has_key=True), Contact(B, AUNT)]) == []
