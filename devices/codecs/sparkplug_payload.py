"""Sparkplug B's payload: protobuf by a schema that is data, or the JSON that some gateways send; pure."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message, message_factory

from devices.codecs import reading
from devices.messages import Rejected

_MAP = reading.names_of(str(Path(__file__).with_name("sparkplug_b.py")))
_PACKAGE = "yinling.sparkplug"
_VALUES = tuple(name for name in _MAP["messages"]["Metric"] if name.endswith("_value"))
_JSON = b"{"
_FIELD = descriptor_pb2.FieldDescriptorProto


@dataclass(frozen=True)
class Metric:
    """One value, by name or by alias."""

    name: str
    alias: int | None
    clock: object
    type: object
    is_historical: bool
    value: Any


@dataclass(frozen=True)
class Payload:
    """One message."""

    clock: object
    seq: int | None
    metrics: tuple[Metric, ...]


@cache
def _classes() -> Mapping[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(name="sparkplug_b.proto", package=_PACKAGE, syntax="proto2")
    for name, fields in _MAP["messages"].items():
        kind = file.message_type.add(name=name)
        for field, (number, type_, *repeated) in fields.items():
            label = _FIELD.LABEL_REPEATED if repeated else _FIELD.LABEL_OPTIONAL
            one = kind.field.add(name=field, number=number, label=label)
            if type_ in _MAP["messages"]:
                one.type, one.type_name = _FIELD.TYPE_MESSAGE, f".{_PACKAGE}.{type_}"
            else:
                one.type = _FIELD.Type.Value(f"TYPE_{type_}")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    found = (pool.FindMessageTypeByName(f"{_PACKAGE}.{name}") for name in _MAP["messages"])
    return {one.name: message_factory.GetMessageClass(one) for one in found}


def read(payload: bytes) -> Payload:
    """Read a payload or raise Rejected."""
    if payload.lstrip().startswith(_JSON):
        return _from_json(reading.object_of(payload))
    try:
        found = _classes()["Payload"].FromString(payload)
    except (message.DecodeError, UnicodeDecodeError) as error:
        raise Rejected("not_protobuf") from error
    clock = found.timestamp if found.HasField("timestamp") else None
    seq = found.seq if found.HasField("seq") else None
    return Payload(clock, seq, tuple(_metric(one) for one in found.metrics))


def _metric(one: Any) -> Metric:  # noqa: ANN401 - a class made at run time
    alias = one.alias if one.HasField("alias") else None
    clock = one.timestamp if one.HasField("timestamp") else None
    given = next((name for name in _VALUES if one.HasField(name)), None)
    value = None if given is None or one.is_null else getattr(one, given)
    name = (
        one.name if isinstance(one.name, str) else one.name.decode("utf-8", "replace")
    )  # broken UTF-8 is bytes
    return Metric(name, alias, clock, one.datatype or None, one.is_historical, value)


def plain(value: Any, type_: object) -> Any:  # noqa: ANN401 - what a metric may hold
    """Return a value as JSON has it; the type may come from the birth."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    bits = _MAP["bits"].get(str(type_))
    if bits is None or isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return value
    number = value & ((1 << bits) - 1)
    return number - (1 << bits) if number >> (bits - 1) else number


def _from_json(body: dict[str, Any]) -> Payload:
    inner = body.get("payload", body)
    metrics = inner.get("metrics") if isinstance(inner, dict) else None
    if not isinstance(metrics, list) or not all(isinstance(one, dict) for one in metrics):
        raise Rejected("missing_field", "metrics")
    seq = inner.get("seq")
    return Payload(
        inner.get("timestamp"),
        seq if type(seq) is int else None,
        tuple(_json_metric(one) for one in metrics),
    )


def _json_metric(one: dict[str, Any]) -> Metric:
    name, alias = one.get("name"), one.get("alias")
    kind = next((one[key] for key in ("dataType", "datatype", "type") if key in one), None)
    is_past = one.get("isHistorical", one.get("is_historical")) is True
    value = None if one.get("isNull", one.get("is_null")) is True else one.get("value")
    return Metric(
        name if isinstance(name, str) else "",
        alias if type(alias) is int else None,
        one.get("timestamp"),
        kind,
        is_past,
        value,
    )


def rebirth(now: datetime) -> bytes:
    """Return the command that lets a node say everything again."""
    kinds = _classes()
    moment = int(now.timestamp() * 1000)
    metric = kinds["Metric"](name="Node Control/Rebirth", timestamp=moment, datatype=11, boolean_value=True)
    found: bytes = kinds["Payload"](timestamp=moment, metrics=[metric]).SerializeToString()
    return found
