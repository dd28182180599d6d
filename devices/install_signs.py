"""What shows that a sensor works when somebody triggers it; pure.

An SOS button that reports its battery has shown nothing: it must say `sos`. A motion sensor must see motion.
A thermometer, which nobody can trigger, must only speak.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from devices import thing_models
from devices.thing_models import ThingModel

Values = Mapping[str, tuple[Any, str]]
"""What a device said last: {metric: (value, when by its own clock)}."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What was seen: an alarm type or a metric, its value, and when it reached us."""

    name: str
    value: Any
    at: datetime


def telling(model: ThingModel) -> frozenset[str]:
    """Return the metrics that change when somebody triggers the sensor; empty: any word of it will do."""
    return frozenset(name for name, one in model.metrics.items() if one.is_bool and _tells(one.alarm, one))


def _tells(alarm: str | None, metric: thing_models.Metric) -> bool:
    return metric.is_activity or (alarm is not None and thing_models.alarm_types()[alarm].class_ == "care")


def sign(
    model: ThingModel,
    before: Values,
    values: Values,
    alarms: Iterable[tuple[str, datetime]],
    now: datetime,
) -> Sign | None:
    """Return what has been seen since the sensor was armed; None: nothing that proves it.

    `before` is what it had said last then: only what is newer counts, whatever the device's clock says.
    """
    for kind, at in alarms:
        if thing_models.alarm_types()[kind].class_ == "care":
            return Sign(kind, True, at)
    fresh = {name: said[0] for name, said in values.items() if list(said) != list(before.get(name, ()))}
    wanted = telling(model)
    for name in sorted(wanted & fresh.keys()):
        if fresh[name]:
            return Sign(name, fresh[name], now)
    if not wanted and model.press is None and fresh:
        name = min(fresh)
        return Sign(name, fresh[name], now)
    return None
