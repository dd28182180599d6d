"""LoRaWAN: ChirpStack v4 (`application/{id}/device/{eui}/event/{kind}`), The Things Stack (`v3/…/up`).

An uplink heard by several gateways is one message: its deduplication id is the message's id.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from devices.codecs import moments, reading, translation, wire
from devices.codecs.moments import Moment, Wire
from devices.codecs.translation import Source
from devices.messages import STATUS, Memory, Message, Rejected, ignored

ECOSYSTEM = "chirpstack"
_MAP = reading.names_of(__file__)
_EVENT = ("application", "device", "event")
_LEVELS = 6
_THINGS = "v3"


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, _memory: Memory) -> list[Message]:
    """Decode one event."""
    levels = rest.removeprefix("/").split("/")
    came = Wire(hub, ECOSYSTEM, payload, received_at)
    is_event = len(levels) == _LEVELS and tuple(levels[::2]) == _EVENT
    if not is_event and (levels[-1] in _MAP["aside"] or "command" in levels or "gateway" in levels):
        return [ignored(hub, ECOSYSTEM, hub)]
    body = reading.object_of(payload)
    if is_event:
        return _event(came, levels[3], levels[5], body)
    if levels[0] == _THINGS or "end_device_ids" in body:
        return _things(came, body)
    info = wire.table_in(body, "deviceInfo")
    if info:
        return _event(came, wire.id_of(info.get("devEui"), "deviceInfo.devEui"), "up", body)
    name = wire.id_of(rest, "topic")
    return _objects(came, _source(came, (name,), None, None), body, body)


def _event(came: Wire, eui: str, kind: str, body: dict[str, Any]) -> list[Message]:
    info = wire.table_in(body, "deviceInfo")
    names = reading.names(info.get("devEui"), eui, eui.lower(), eui.upper(), info.get("deviceName"))
    if not names:
        raise Rejected("missing_field", "deviceInfo.devEui")
    if kind in _MAP["aside"]:
        return [ignored(came.hub, ECOSYSTEM, names[0])]
    source = _source(came, names, body.get("deduplicationId"), body.get("time"))
    if kind == "join":
        return [Message(STATUS, came.hub, ECOSYSTEM, names, "", is_online=True)]
    if kind == "up":
        return _objects(came, source, wire.table_in(body, "object"), _frame(body), _model(info))
    if kind == "status":
        return _told(source, _power(body))
    if kind == "location":
        return _told(source, {**wire.table_in(body, "location")})
    if kind == "log":
        words = {f"log_{key}": body.get(key) for key in ("level", "code", "description")}
        return _told(source, words)
    raise Rejected("unknown_topic", f"event/{kind[:50]}")


def _source(came: Wire, names: tuple[str, ...], identity: object, clock: object) -> Source:
    at, is_bad = wire.instant(clock)
    own = reading.name(identity)
    return Source(
        came.hub,
        ECOSYSTEM,
        names,
        own or moments.identity(came, (names[0],), at),
        is_id_derived=own is None,
        at=at,
        has_bad_clock=is_bad,
    )


def _told(source: Source, found: Mapping[str, Any], model: str | None = None) -> list[Message]:
    said = translation.translate(found, translation.words(ECOSYSTEM))
    return translation.messages(source, said, model=model)


def _power(body: Mapping[str, Any]) -> dict[str, Any]:
    found = {"mains": body.get("externalPowerSource"), "margin": body.get("margin")}
    if not body.get("batteryLevelUnavailable") and not body.get("externalPowerSource"):
        found["battery_level"] = body.get("batteryLevel")
    return found


def _frame(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the network knows of an uplink, of several gateways the best."""
    found = {"data": body.get("data"), "fPort": body.get("fPort"), "fCnt": body.get("fCnt")}
    heard = body.get("rxInfo")
    for name in ("rssi", "snr"):
        many = [one.get(name) for one in heard if isinstance(one, dict)] if isinstance(heard, list) else []
        known = [number for one in many if (number := reading.number(one)) is not None]
        if known:
            found[name] = max(known)
    return {name: value for name, value in found.items() if value is not None}


def _objects(
    came: Wire,
    source: Source,
    found: Mapping[str, Any],
    frame: Mapping[str, Any],
    model: str | None = None,
) -> list[Message]:
    """Read the decoded object; history that it carries stands apart."""
    live = {name: value for name, value in {**frame, **found}.items() if name not in _MAP["histories"]}
    told = _told(source, dict(_plain(live)) | _named(found), model)
    past = [one for name in _MAP["histories"] for one in _rows(found.get(name))]
    if past:
        beside = Wire(came.hub, ECOSYSTEM, came.payload + b"history", came.received_at)
        then = (_then(source.addresses, one) for one in past)
        told += moments.told(beside, then, translation.words(ECOSYSTEM))
    return told


def _rows(given: object) -> list[dict[str, Any]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _then(names: tuple[str, ...], one: dict[str, Any]) -> Moment:
    clock = one.get("timestamp", one.get("time"))
    kind = one.get("alarm_type", one.get("event_type"))
    name = f"{kind}_alarm" if isinstance(kind, str) else None
    outcome = {"alarm_status": _is_on(one.get("alarm_status"))} if "alarm_status" in one else {}
    values = {key: value for key, value in one.items() if key not in {"timestamp", "time"}}
    return Moment(names, clock, {**values, **outcome}, event=name, is_history=True)


def _plain(found: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Say of an alarm of several regions whether one of them is on."""
    for name, value in found.items():
        if isinstance(value, dict) and "alarm_status" in value:
            yield name, _is_on(value["alarm_status"])
            yield f"{name}_of", value
        else:
            yield name, value


def _named(found: Mapping[str, Any]) -> dict[str, Any]:
    """Say what an event means to the type of sensor that names itself beside it."""
    said: dict[str, Any] = _MAP["typed"].get(str(found.get("type")), {}).get(str(found.get("event")), {})
    return said


def _is_on(status: object) -> bool:
    parts = status.split(",") if isinstance(status, str) else [status]
    return any(str(part).strip() in _MAP["triggered"] for part in parts)


def _model(info: Mapping[str, Any]) -> str | None:
    """Guess a model by the name of the device's profile."""
    profile = str(info.get("deviceProfileName") or "").lower()
    found: str | None = next((model for word, model in _MAP["profiles"].items() if word in profile), None)
    return found


def _things(came: Wire, body: dict[str, Any]) -> list[Message]:
    """Read an uplink of The Things Stack."""
    who, up = wire.table_in(body, "end_device_ids"), wire.table_in(body, "uplink_message")
    names = reading.names(who.get("device_id"), who.get("dev_eui"))
    if not names:
        raise Rejected("missing_field", "end_device_ids.device_id")
    if "join_accept" in body:
        return [Message(STATUS, came.hub, ECOSYSTEM, names, "", is_online=True)]
    if not up:
        return [ignored(came.hub, ECOSYSTEM, names[0])]
    ids = body.get("correlation_ids")
    found = (
        [one for one in ids if isinstance(one, str) and ":uplink:" in one] if isinstance(ids, list) else []
    )
    source = _source(came, names, found[0] if found else None, up.get("received_at", body.get("received_at")))
    frame = _frame(
        {
            "data": up.get("frm_payload"),
            "fPort": up.get("f_port"),
            "fCnt": up.get("f_cnt"),
            "rxInfo": up.get("rx_metadata"),
        }
    )
    return _objects(came, source, wire.table_in(up, "decoded_payload"), frame)
