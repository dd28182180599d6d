"""SCAIP: elements in any order, codes of any length, what is withdrawn, what is no XML."""

import pytest

from devices.messages import Message, Rejected
from tests.devices.platforms import line, reason, say


def mrq(memory: dict[str, object] | None = None, **elements: str) -> Message:
    body = "".join(f"<{name}>{text}</{name}>" for name, text in {"cid": "7", "ref": "R1", **elements}.items())
    return say("scaip", "alarm", f"<mrq>{body}</mrq>".encode(), memory)[0]


@pytest.mark.parametrize("nth", [0, 1])
def test_a_heartbeat_says_that_the_controller_is_there(nth: int) -> None:
    (message,) = line("scaip", nth)
    assert (message.kind, message.is_online, message.is_of_hub) == ("status", True, True)


@pytest.mark.parametrize("nth", [2, 3, 5, 6])
def test_an_alarm_is_one_whatever_the_order_and_length_of_its_codes(nth: int) -> None:
    message = line("scaip", nth)[0]
    assert (message.kind, message.alarm) == ("alarm", "sos")
    assert message.reply is not None
    assert b"<snu>0</snu>" in message.reply.accepted


def test_a_status_that_nobody_knows_is_kept_with_its_code() -> None:
    (message,) = line("scaip", 4)
    assert message.values == {"status_code": "0067", "device_type": "0002"}


def test_the_caller_s_number_is_not_kept() -> None:
    assert "gsm" not in str(line("scaip", 2)[0].values)


@pytest.mark.parametrize(
    ("type_", "status", "alarm"),
    [
        ("0005", "0009", "fall"),
        ("23", "9", "smoke"),
        ("0026", "0010", "co"),
        ("0033", "0009", "water_leak"),
        ("0012", "0009", "bed_exit"),
        ("9999", "0009", "sos"),
        ("0045", "0085", "power_lost"),
        ("0003", "0016", "low_battery"),
        ("0045", "0125", "tamper"),
    ],
)
def test_device_types_and_status_codes_are_alarms(type_: str, status: str, alarm: str) -> None:
    assert mrq(dty=type_, stc=status).alarm == alarm


def test_what_is_attached_has_a_name_of_its_own() -> None:
    message = mrq(dty=" 0023", did=" 17 ", stc="0009", lco="003")
    assert message.addresses == ("7/17", "7/0023")
    assert (message.model, message.values) == ("smoke_v1", {"location_code": "003"})


def test_a_missing_status_is_an_alarm_and_information_is_none() -> None:
    assert mrq(dty="0003").alarm == "sos"
    assert mrq(dty="0003", mty="IN", stc="10").kind == "telemetry"


@pytest.mark.parametrize(("status", "values"), [("0015", {"battery_low": False}), ("86", {"mains": True})])
def test_good_news_is_a_value(status: str, values: dict[str, bool]) -> None:
    assert values.items() <= mrq(dty="0045", stc=status).values.items()


def test_a_restored_network_is_somebody_who_is_there() -> None:
    assert mrq(dty="0045", stc="0112").is_online is True


@pytest.mark.parametrize("elements", [{"mty": "RE"}, {"stc": "0019"}])
def test_a_reset_withdraws_the_last_alarm_of_its_sender(elements: dict[str, str]) -> None:
    raised, learned = say("scaip", "x", b"<mrq><cid>7</cid><ref>1</ref><dty>0004</dty></mrq>")
    assert learned.learned is not None
    memory = {learned.learned[0]: learned.learned[1]}
    message = mrq(memory, dty="0004", **elements)
    assert (message.kind, message.cancels, message.alarm) == ("alarm", raised.id, "sos")
    assert mrq(None, dty="0004", **elements).values == {"cancelled": True}


def test_the_same_reference_is_the_same_alarm_for_five_minutes() -> None:
    assert mrq(dty="0004").id == mrq(dty="0004").id != mrq(dty="0004", ref="R2").id


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not_xml"),
        (b"<mrq><ref>1</mrq>", "not_xml"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><mrq/>', "not_xml"),
        (b'<?xml version="1.0" encoding="klingon"?><mrq/>', "not_xml"),
        (b"<html/>", "unknown_topic"),
        (b"<mrq><ref>1</ref></mrq>", "missing_field"),
    ],
)
def test_what_does_not_fit_is_named_and_answered(body: bytes, why: str) -> None:
    assert reason("scaip", "x", body) == why
    with pytest.raises(Rejected) as wrong:
        say("scaip", "x", body)
    assert wrong.value.reply is not None
    assert b"<snu>99</snu>" in wrong.value.reply.rejected


def test_a_reference_cannot_write_into_the_answer() -> None:
    message = mrq(dty="0004", ref="&lt;/ref&gt;&lt;snu&gt;1")
    assert message.reply is not None
    assert message.reply.accepted.count(b"<snu>") == 1
