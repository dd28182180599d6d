"""Which metric a free name means: `real_time_heart_rate`, `Bedroom Temperature`; pure."""

import re
from functools import lru_cache

from devices.codecs import reading, translation

_BETWEEN = re.compile(r"[^0-9a-z\u0080-\uffff]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def words_of(name: str) -> list[str]:
    """Return the words of a name, in small letters."""
    return [word for word in _BETWEEN.split(_HUMP.sub("_", name).lower()) if word]


@lru_cache(maxsize=8_192)
def metric_of(name: str, *, is_bool: bool) -> str | None:
    """Return the metric of the right type that a name, or the longest end of it, means."""
    known = translation.words().names
    words = words_of(name)
    for cut in range(len(words)):
        metric = known.get(translation.key_of("".join(words[cut:])))
        if metric and reading.is_bool(metric) is is_bool:
            return metric
    return None
