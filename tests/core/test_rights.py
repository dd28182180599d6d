import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import rights
from core.consents import ITEMS
from core.errors import Invalid


def test_vitals_location_visits_and_bills_need_the_consent_too_the_others_only_the_right() -> None:
    held = rights.in_force(rights.RIGHTS, ())
    assert held == {"alerts", "order", "decide"}
    assert rights.in_force(rights.RIGHTS, ("vitals", "share_bills")) == held | {"vitals", "bills"}
    assert rights.in_force(("alerts",), ITEMS) == {"alerts"}


@given(st.sets(st.sampled_from(rights.RIGHTS)), st.sets(st.sampled_from(ITEMS)))
def test_what_is_in_force_is_what_misses_neither_right_nor_consent(
    granted: set[str], given_: set[str]
) -> None:
    held = rights.in_force(granted, given_)
    assert held == {one for one in rights.RIGHTS if rights.missing(one, granted, given_) is None}
    assert held <= granted


def test_what_is_missing_is_named() -> None:
    assert rights.missing("vitals", (), ("vitals",)) == "right"
    assert rights.missing("vitals", ("vitals",), ("location",)) == "consent"
    assert rights.missing("alerts", ("alerts",), ()) is None


def test_rights_are_put_in_order_once_each_and_an_unknown_or_none_is_refused() -> None:
    assert rights.check(["decide", "alerts", "decide"]) == ("alerts", "decide")
    for wrong in ([], ["alerts", "everything"]):
        with pytest.raises(Invalid):
            rights.check(wrong)


def test_every_preset_is_made_of_rights_and_a_neighbour_has_alerts_only() -> None:
    for some in rights.PRESETS.values():
        assert rights.check(some) == some
    assert rights.PRESETS["neighbour"] == ("alerts",)
    assert "location" not in rights.PRESETS["spouse"]
    assert "decide" not in rights.PRESETS["child_far"]
