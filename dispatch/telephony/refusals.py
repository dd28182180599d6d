"""What carriers' error codes mean: our code, and whether asking again can help (pure).

Sources: Twilio's error dictionary (REST 2xxxx, messaging 3xxxx); Huawei Cloud Voice Call's release codes;
Alibaba Cloud SMS's error codes. What is not listed is temporary, and keeps the carrier's own code.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a refusal comes to."""

    code: str
    is_permanent: bool


CODES = (
    "no_such_number",
    "blocked",
    "opted_out",
    "landline",
    "not_reached",
    "filtered",
    "unknown",
    "rate_limited",
    "not_allowed",
    "no_voice_to_china",
    "not_set_up",
    "carrier_away",
    "carrier_broken",
    "in_doubt",
    "cannot_tell",
    "no_credit",
)
"""Ours; the words stand in the faces' vocabulary."""
_TWILIO = {
    "13223": Refusal("no_such_number", is_permanent=True),  # dial: invalid phone number format
    "13224": Refusal("no_such_number", is_permanent=True),  # dial: invalid phone number
    "13225": Refusal("blocked", is_permanent=True),  # dial: forbidden phone number
    "20003": Refusal("not_set_up", is_permanent=False),  # authentication error
    "20404": Refusal("not_set_up", is_permanent=False),  # no such resource: account or number
    "20429": Refusal("rate_limited", is_permanent=False),
    "21210": Refusal("not_set_up", is_permanent=False),  # the number we call from is not verified
    "21211": Refusal("no_such_number", is_permanent=True),  # invalid 'To'
    "21212": Refusal("not_set_up", is_permanent=False),  # invalid 'From'
    "21214": Refusal("no_such_number", is_permanent=True),  # 'To' cannot be reached
    "21215": Refusal("not_allowed", is_permanent=False),  # geographic permission is off
    "21216": Refusal("blocked", is_permanent=True),  # the call may not be made: blocked number
    "21217": Refusal("no_such_number", is_permanent=True),
    "21219": Refusal("not_allowed", is_permanent=False),  # a trial account calls verified numbers only
    "21408": Refusal("not_allowed", is_permanent=False),  # SMS to this region is off
    "21421": Refusal("no_such_number", is_permanent=True),
    "21606": Refusal("not_set_up", is_permanent=False),  # 'From' cannot send messages
    "21608": Refusal("not_allowed", is_permanent=False),
    "21610": Refusal("opted_out", is_permanent=True),
    "21612": Refusal("not_allowed", is_permanent=False),  # no route from 'From' to 'To'
    "21614": Refusal("landline", is_permanent=True),  # 'To' is no mobile number
    "30001": Refusal("rate_limited", is_permanent=False),  # queue overflow
    "30002": Refusal("not_set_up", is_permanent=False),  # account suspended
    "30003": Refusal("not_reached", is_permanent=False),  # handset off or out of range
    "30004": Refusal("blocked", is_permanent=True),
    "30005": Refusal("no_such_number", is_permanent=True),
    "30006": Refusal("landline", is_permanent=True),
    "30007": Refusal("filtered", is_permanent=True),
    "30008": Refusal("unknown", is_permanent=False),
}
_HUAWEI = {
    "7001": Refusal("rate_limited", is_permanent=False),
    "7002": Refusal("rate_limited", is_permanent=False),
    "7003": Refusal("rate_limited", is_permanent=False),
    "7004": Refusal("blocked", is_permanent=True),
    "7108": Refusal("no_credit", is_permanent=False),
    "7109": Refusal("rate_limited", is_permanent=False),  # no free voice port
    "8000": Refusal("carrier_broken", is_permanent=False),
    "8001": Refusal("not_reached", is_permanent=False),
    "8100": Refusal("no_such_number", is_permanent=True),
    "8103": Refusal("not_reached", is_permanent=False),
    "8104": Refusal("not_reached", is_permanent=False),  # switched off
    "8105": Refusal("not_reached", is_permanent=False),  # hung up, or out of service
    "1010010": Refusal("not_set_up", is_permanent=False),  # the signature is wrong
    "1010023": Refusal("not_set_up", is_permanent=False),  # the number shown is not ours
    "1010040": Refusal("not_set_up", is_permanent=False),  # the application may not do this
    "1020165": Refusal("rate_limited", is_permanent=False),  # the application's ports are all busy
    "1020166": Refusal("rate_limited", is_permanent=False),
}
_ALIYUN = {
    "isv.MOBILE_NUMBER_ILLEGAL": Refusal("no_such_number", is_permanent=True),
    "isv.BUSINESS_LIMIT_CONTROL": Refusal("rate_limited", is_permanent=False),
    "isv.AMOUNT_NOT_ENOUGH": Refusal("no_credit", is_permanent=False),
    "isv.OUT_OF_SERVICE": Refusal("no_credit", is_permanent=False),
    "isv.BLACK_KEY_CONTROL_LIMIT": Refusal("filtered", is_permanent=True),
    "isv.SMS_SIGNATURE_ILLEGAL": Refusal("not_set_up", is_permanent=False),
    "isv.SMS_TEMPLATE_ILLEGAL": Refusal("not_set_up", is_permanent=False),
    "SignatureDoesNotMatch": Refusal("not_set_up", is_permanent=False),
    "InvalidAccessKeyId.NotFound": Refusal("not_set_up", is_permanent=False),
    "Throttling.User": Refusal("rate_limited", is_permanent=False),
    "MK:0001": Refusal("no_such_number", is_permanent=True),
    "SGIP:1": Refusal("no_such_number", is_permanent=True),
    "UNDELIV": Refusal("not_reached", is_permanent=False),
    "EXPIRED": Refusal("not_reached", is_permanent=False),
    "REJECTD": Refusal("blocked", is_permanent=True),
    "BLACK": Refusal("opted_out", is_permanent=True),
}


def twilio(code: object) -> Refusal:
    """Say what an error code of Twilio means; none at all is unknown."""
    return _of(_TWILIO, code)


def huawei(code: object) -> Refusal:
    """Say what a result or release code of Huawei Cloud Voice Call means."""
    return _of(_HUAWEI, code)


def aliyun(code: object) -> Refusal:
    """Say what an error code of Alibaba Cloud SMS means."""
    return _of(_ALIYUN, code)


def _of(known: dict[str, Refusal], code: object) -> Refusal:
    text = str(code)[:40] if code else ""
    return known.get(text) or Refusal(text or "unknown", is_permanent=False)
