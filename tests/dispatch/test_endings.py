from datetime import timedelta
from typing import Any

import pytest

from devices import thing_models
from dispatch import endings
from dispatch.endings import Raised
from tests.makers import NOW

MINUTE = timedelta(minutes=1)


def state(seen: Any = NOW, *, online: bool = True, silent: Any = None, **values: Any) -> dict[str, Any]:
    said = {name: [value, at.isoformat()] for name, (value, at) in values.items()}
    return {"last_seen_at": seen, "is_online": online, "silent_since": silent, "values": said}


LATER, BEFORE = NOW + MINUTE, NOW - MINUTE


@pytest.mark.parametrize(
    ("type_", "own", "says"),
    [
        ("power_lost", state(mains=(True, LATER)), True),
        ("power_lost", state(mains=(True, BEFORE)), None),
        ("power_lost", state(mains=(False, BEFORE)), False),
        ("power_lost", state(), None),
        ("power_lost", None, None),
        ("link_lost", state(LATER), True),
        ("link_lost", state(LATER, online=False), False),
        ("link_lost", state(BEFORE), False),
        ("silent", state(LATER, silent=NOW), False),
        ("silent", state(None), None),
        ("silent", None, None),
        ("low_battery", state(battery=(21.0, LATER)), True),
        ("low_battery", state(battery=(20.0, LATER)), False),
        ("smoke", state(smoke=(False, LATER)), None),
        ("sos", state(LATER), None),
        ("door_open", state(open=(False, LATER)), True),
    ],
)
def test_what_a_device_says_of_an_alarm(*, type_: str, own: Any, says: bool | None) -> None:
    assert endings.says(Raised(type_, NOW), own) is says


def test_motion_anywhere_in_the_home_ends_a_long_stillness_but_another_door_closes_nothing() -> None:
    moving, closed = state(occupied=(True, LATER)), state(open=(False, LATER))
    assert endings.says(Raised("no_motion", NOW), None, [moving]) is True
    assert endings.says(Raised("no_motion", NOW), None, [state(occupied=(False, LATER))]) is False
    assert endings.says(Raised("door_open", NOW), state(open=(True, BEFORE)), [closed]) is False


def test_a_case_is_over_when_all_of_it_is_that_a_device_can_tell_of() -> None:
    silent, low, unknown = (Raised(one, NOW) for one in ("silent", "low_battery", "unheard_of"))
    back = state(LATER, battery=(90.0, LATER))
    assert endings.all_over([silent, low, unknown], back, is_gone=False)
    assert not endings.all_over([silent, low], state(LATER), is_gone=False)
    assert not endings.all_over([unknown], back, is_gone=False)
    assert endings.all_over([unknown], None, is_gone=True)


def test_a_case_is_closed_by_rule_only_if_every_alarm_of_it_may_be() -> None:
    silent, low, tamper = (Raised(one, NOW) for one in ("silent", "low_battery", "tamper"))
    assert endings.close_after([silent, low], is_gone=False) == timedelta(hours=1)
    assert endings.close_after([silent, tamper], is_gone=False) is None
    assert endings.close_after([tamper], is_gone=True) == timedelta()


def test_a_small_battery_device_that_is_silent_is_no_cut() -> None:
    assert endings.is_cut("silent", "hub_v1")
    assert not endings.is_cut("silent", "sos_button_v1")
    assert endings.is_cut("power_lost", "care_bed_v1")
    assert not endings.is_cut("low_battery", "hub_v1")


def test_the_place_in_the_queue_depends_on_the_device() -> None:
    assert endings.severity("silent", "sos_button_v1", 3) == 2
    assert endings.severity("silent", "door_v1", 3) == 3


def test_the_table_names_only_types_metrics_and_models_that_there_are() -> None:
    kinds, metrics, models = thing_models.alarm_types(), thing_models.metrics(), thing_models.all_()
    for name, one in endings.TABLE.items():
        assert name in kinds
        assert one.metric is None or one.metric in metrics
        assert set(one.severity) <= set(models)
        is_technical = kinds[name].class_ == "technical"
        assert is_technical or (one.cut, one.close_after, dict(one.severity)) == (None, None, {})
