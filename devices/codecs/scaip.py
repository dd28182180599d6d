"""SCAIP (SS 91100), the European social alarm protocol, as XML over HTTP: `<mrq>` in, `<mrs>` back.

The controller is the hub whose password was given. What is attached to it may be registered by `cid/did` or
`cid/type`; an alarm of what is not is the controller's own. References are counters that restart, so the same
one counts as a repetition for five minutes.
"""

from datetime import datetime
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from devices import thing_models
from devices.codecs import reading
from devices.messages import (
    ALARM,
    LONGEST_ID,
    STATUS,
    TELEMETRY,
    Memory,
    Message,
    Rejected,
    Reply,
    check_text,
    learn,
)

ECOSYSTEM = "scaip"
_MAP = reading.names_of(__file__)
_ROOTS = frozenset({"mrq", "scaip"})
_NOBODY = frozenset({"", "0", "00", "000", "0000"})
_REPEATS_S = 300
_MESSAGE, _RESET, _HEARTBEAT = "ME", "RE", "PI"
_OK, _WRONG = 0, 99


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, memory: Memory) -> list[Message]:  # noqa: ARG001 - the path says nothing
    """Decode one request."""
    found = _read(payload)
    reply = _reply(found.get("ref", ""))
    try:
        return _decode(hub, found, payload, received_at, memory, reply)
    except Rejected as wrong:
        wrong.reply = reply
        raise


def _read(payload: bytes) -> dict[str, str]:
    """Read the elements in whatever order they come."""
    try:
        root = fromstring(payload.strip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Rejected("not_xml", reply=_reply("")) from error
    if _name(root) not in _ROOTS:
        raise Rejected("unknown_topic", "root", reply=_reply(""))
    return {_name(one): (one.text or "").strip() for one in root}


def _name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2].lower()


def _decode(
    hub: str, found: dict[str, str], payload: bytes, received_at: datetime, memory: Memory, reply: Reply
) -> list[Message]:
    controller = check_text(found.get("cid", ""), LONGEST_ID, "cid")
    type_, part = found.get("dty", "").zfill(4), found.get("did", "")
    by_type = f"{controller}/{type_}"
    addresses = (controller, by_type) if part in _NOBODY else (f"{controller}/{part}", by_type)
    bucket = str(int(received_at.timestamp()) // _REPEATS_S)
    parts = (hub, controller, found.get("ref", ""), bucket)
    message = Message(
        TELEMETRY,
        hub,
        ECOSYSTEM,
        addresses,
        reading.derive(ECOSYSTEM, parts, payload, received_at, received_at),
        is_id_derived=True,
        model=thing_models.guess((), f"scaip_{type_}"),
        reply=reply,
        is_of_hub=True,
    )
    place = found.get("lco", "")
    message.values = {"location_code": place} if place.strip("0") else {}
    kind = found.get("mty", "").upper() or _MESSAGE
    status = (found.get("stc") or ("10" if kind == _MESSAGE else "")).zfill(4)
    if kind == _HEARTBEAT:
        message.kind, message.is_online, message.values = STATUS, True, {}
        return [message]
    if kind == _RESET or status in _MAP["cancels"]["codes"]:
        return _cancel(message, memory)
    return _status(message, kind, type_, status)


def _cancel(message: Message, memory: Memory) -> list[Message]:
    """Withdraw the last alarm of this sender, if one is remembered."""
    last = memory.get(f"alarm:{message.addresses[0]}")
    if last is None:
        message.values["cancelled"] = True
    else:
        message.kind, message.cancels, message.alarm = ALARM, last["id"], last["type"]
    return [message]


def _status(message: Message, kind: str, type_: str, status: str) -> list[Message]:
    alarm = _MAP["raises"].get(status) if kind == _MESSAGE else None
    if alarm is not None:
        message.kind = ALARM
        message.alarm = _of_device(type_) if alarm == "by_device" else alarm
        last = {"id": message.id, "type": message.alarm}
        key = f"alarm:{message.addresses[0]}"
        return [message, learn(message.hub or "", ECOSYSTEM, key, last)]
    if status in _MAP["online"]:
        message.kind, message.is_online, message.values = STATUS, True, {}
        return [message]
    said: dict[str, Any] = _MAP["says"].get(status, {})
    message.values |= said | {"status_code": status, "device_type": type_}
    return [message]


def _of_device(type_: str) -> str:
    """Return the alarm of a device type; one that nobody knows is a call for help."""
    found: str = _MAP["devices"].get(type_) or _types().get(type_, "sos")
    return found


@cache
def _types() -> dict[str, str]:
    kinds = thing_models.alarm_types().values()
    return {code: kind.name for kind in reversed(list(kinds)) for code in kind.scaip}


def _reply(reference: str) -> Reply:
    """Answer with the reference and the status number: 0 is taken, 99 is not."""
    ref = f"<ref>{escape(reference)}</ref>" if reference else ""
    good = f"<mrs>{ref}<snu>{_OK}</snu></mrs>"
    bad = f"<mrs>{ref}<snu>{_WRONG}</snu><ste>not accepted</ste></mrs>"
    return Reply("", good.encode(), bad.encode())
