"""The telephone's decisions: ranks, keys, refusals, words, TwiML, signatures."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings import Settings
from dashboards import vocabulary
from dispatch import cases
from dispatch.telephony import desk, domestic_signing, flow, ranks, refusals, twiml, words
from dispatch.telephony.flow import Next
from dispatch.telephony.refusals import Refusal
from dispatch.telephony.twilio_ import retry_after
from dispatch.telephony.twilio_signatures import is_signed

STATES = st.sampled_from(ranks.STATES)


@given(st.lists(STATES))
def test_a_late_word_of_a_lower_rank_never_undoes_what_is_known(said: list[str]) -> None:
    state, path = "queued", ["queued"]
    for word in said:
        state = ranks.advance(state, word) or state
        path.append(state)
    order = [ranks.STATES.index(one) if one not in ranks.ENDED else 99 for one in path]
    assert order == sorted(order)
    ends = [one for one in path if one in ranks.ENDED]
    assert len(set(ends)) <= 1


def test_what_ends_a_call_first_is_how_it_ended() -> None:
    assert ranks.advance("ringing", "busy") == "busy"
    assert ranks.advance("busy", "ended") is None
    assert ranks.advance("ended", "ringing") is None
    assert ranks.advance("answered", "answered") is None


def test_a_word_may_hold_only_while_the_call_has_not_come_far() -> None:
    assert ranks.advance("ringing", "canceled", "answered") == "canceled"
    assert ranks.advance("answered", "canceled", "answered") is None


def test_every_ended_state_has_its_result_and_its_word() -> None:
    assert set(ranks.RESULTS) == ranks.ENDED
    known = vocabulary.TABLES["call_results"]
    assert set(ranks.RESULTS.values()) | set(desk.RESULTS) <= set(known)
    assert tuple(cases.CALL_RESULTS) == desk.RESULTS


@pytest.mark.parametrize(
    ("result", "state"),
    [("answered", "ended"), ("no_answer", "no_answer"), ("busy", "busy"), ("wrong_number", "no_answer")],
)
def test_the_six_keys_of_the_desk_phone_end_a_call(result: str, state: str) -> None:
    assert desk.state_of(result) == state


@pytest.mark.parametrize(
    ("key", "nth", "wrong", "expected"),
    [
        ("1", 1, 0, Next("answer")),
        ("3", 5, 2, Next("answer")),
        ("9", 1, 0, Next("again", 2, 0)),
        ("9", 5, 0, Next("end")),
        ("7", 1, 0, Next("wrong", 2, 1)),
        ("#", 2, 1, Next("wrong", 3, 2)),
        ("7", 3, 2, Next("end")),
        ("", 1, 0, Next("end")),
    ],
)
def test_what_a_key_leads_to(key: str, nth: int, wrong: int, expected: Next) -> None:
    assert flow.after_key(key, nth, wrong) == expected


@pytest.mark.parametrize(
    ("by", "is_machine"),
    [("human", False), ("unknown", False), ("", False), ("machine_end_beep", True), ("fax", True)],
)
def test_a_machine_is_told_from_a_person(by: str, is_machine: bool) -> None:  # noqa: FBT001 - a table's column
    assert flow.is_machine(by) is is_machine


def test_refusals_are_permanent_or_not() -> None:
    assert refusals.twilio(21211) == Refusal("no_such_number", is_permanent=True)
    assert refusals.twilio("30003") == Refusal("not_reached", is_permanent=False)
    assert refusals.twilio(30006) == Refusal("landline", is_permanent=True)
    assert refusals.twilio(21610) == Refusal("opted_out", is_permanent=True)
    assert refusals.twilio(None) == Refusal("unknown", is_permanent=False)
    assert refusals.twilio(99999) == Refusal("99999", is_permanent=False)
    assert refusals.huawei(8104) == Refusal("not_reached", is_permanent=False)
    assert refusals.aliyun("isv.MOBILE_NUMBER_ILLEGAL") == Refusal("no_such_number", is_permanent=True)


def test_every_code_of_ours_has_a_word() -> None:
    assert set(refusals.CODES) <= set(vocabulary.TABLES["call_codes"])


def test_the_whisper_names_whom_and_nobody_by_name() -> None:
    assert words.whisper("elder", "en") == "Connecting you with the elder."
    assert words.whisper("emergency_120", "en") == words.whisper(None, "en") == "Connecting you."
    assert words.say("machine", "en", "053188").endswith("0 5 3 1 8 8.")


def test_a_prompt_asks_for_one_key_also_when_none_comes() -> None:
    found = ET.fromstring(twiml.ask(["hello <you>"], "en", "https://x.test/key/1/0?a=1&b=2"))  # noqa: S314 - our own text
    gather = found[0]
    assert (gather.tag, gather.get("numDigits"), gather.get("actionOnEmptyResult")) == ("Gather", "1", "true")
    assert gather.get("action") == "https://x.test/key/1/0?a=1&b=2"
    assert (gather[0].text, gather[0].get("language")) == ("hello <you>", "en-US")


def test_a_joined_call_is_recorded_only_when_it_is_asked_for() -> None:
    given_ = {"number": "+8613800001111", "shown": "+8653182880000", "action": "a", "leg": "l"}
    plain = ET.fromstring(twiml.join(["w"], "zh_CN", **given_)).find("Dial")  # noqa: S314 - our own text
    asked = ET.fromstring(twiml.join(["w"], "zh_CN", **given_, recording="r")).find("Dial")  # noqa: S314 - our own text
    assert plain is not None
    assert asked is not None
    assert plain.get("record") is None
    assert asked.get("record") == "record-from-answer-dual"
    assert plain[0].text == "+8613800001111"


def test_a_message_back_and_a_goodbye() -> None:
    assert "<Message>a &amp; b</Message>" in twiml.write("a & b")
    (said,) = ET.fromstring(twiml.speak(["recorded"], "en"))  # noqa: S314 - our own text
    assert (said.tag, said.text) == ("Say", "recorded")  # and then the two are joined
    assert ET.fromstring(twiml.tell(["bye"], "en"))[-1].tag == "Hangup"  # noqa: S314 - our own text


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("Sat, 21 Nov 2026 08:31:00 GMT", 60.0), ("soon", None), ("-1", None)],
)
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    now = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    assert retry_after({"Retry-After": value}, now) == seconds
    assert retry_after({}, now) is None


def test_twilio_s_signature_is_over_the_address_and_the_fields() -> None:
    settings = Settings(twilio_auth_token="12345")
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    text = url + "".join(name + fields[name] for name in sorted(fields))
    good = base64.b64encode(hmac.digest(b"12345", text.encode(), hashlib.sha1)).decode()
    assert good == "RSOYDt4T1cUTdK1PDd93/VVr8B8="  # the example of Twilio's own documentation
    assert is_signed(settings, url, fields, good)
    assert not is_signed(settings, url, fields | {"Digits": "9"}, good)
    assert not is_signed(settings, url.replace("foo=1", "foo=2"), fields, good)
    assert not is_signed(settings, url, fields, "")
    assert not is_signed(Settings(), url, fields, good)


def test_alibaba_s_own_example_has_the_signature_that_its_documentation_gives() -> None:
    _, headers = domestic_signing.aliyun(
        "YourAccessKeyId",
        "YourAccessKeySecret",
        method="POST",
        host="ecs.cn-shanghai.aliyuncs.com",
        query={
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            "RegionId": "cn-shanghai",
        },
        action="RunInstances",
        version="2014-05-26",
        date="2023-10-26T10:22:32Z",
        nonce="3156853299f313e23d1673dc12e1703d",
    )
    signature = headers["Authorization"].partition("Signature=")[2]
    assert signature == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


@pytest.mark.parametrize("joint", ["\n", ""])
def test_huawei_s_callbacks_are_signed_over_the_address_in_both_ways(joint: str) -> None:
    url = "https://yinling.test/telephony/domestic/t/status"
    text = joint.join((url, "nonce", "2026-11-21T16:30:00Z"))
    digest = base64.b64encode(hmac.digest(b"secret", text.encode(), "sha256")).decode()
    header = (
        f'UsernameToken Username="key", PasswordDigest="{digest}", Nonce="nonce",'
        ' Created="2026-11-21T16:30:00Z"'
    )
    assert domestic_signing.huawei_signed({"key": "secret"}, url, header)
    assert not domestic_signing.huawei_signed({"key": "other"}, url, header)
    assert not domestic_signing.huawei_signed({"other": "secret"}, url, header)
    assert not domestic_signing.huawei_signed({"key": "secret"}, url + "x", header)
    assert not domestic_signing.huawei_signed({"key": "secret"}, url, "")


def test_huawei_s_requests_carry_the_hmac_of_nonce_and_time() -> None:
    headers = domestic_signing.huawei("key", "secret", "n", "2018-02-12T15:30:20Z")
    digest = base64.b64encode(hmac.digest(b"secret", b"n2018-02-12T15:30:20Z", "sha256")).decode()
    assert f'PasswordDigest="{digest}"' in headers["X-AKSK"]
