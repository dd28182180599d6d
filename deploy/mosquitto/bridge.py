"""The file with which a home's own Mosquitto becomes a hub of ours: pure text."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import Failure

_HEAD = """# Into the conf.d folder of the Mosquitto at the home; it holds the hub's password: mode 0600.
# What waits while we cannot be reached is kept, and kept through a restart.
max_queued_messages 1000000000
max_queued_bytes 0
persistence true
autosave_interval 60

connection yinling
"""


@dataclass(frozen=True)
class Far:
    """Our broker, as the home reaches it."""

    address: str
    ca_file: str | None = None


@cache
def ecosystems() -> dict[str, Any]:
    """Return which ecosystems' topics are known."""
    return tomllib.loads(Path(__file__).with_name("bridges.toml").read_text(encoding="utf-8"))


def text(hub: str, password: str, far: Far, names: Sequence[str], more: Sequence[str] = ()) -> str:
    """Write the file. `more` are further local topics of the first ecosystem, passed on as they are."""
    options = {
        "address": far.address,
        "bridge_protocol_version": "mqttv311",
        "remote_username": hub,
        "remote_password": password,
        "remote_clientid": hub,
        "cleansession": "false",
        "notifications": "false",
        "bridge_attempt_unsubscribe": "false",
        "try_private": "true",
        "keepalive_interval": "30",
        "restart_timeout": "1 30",
    }
    if far.ca_file is not None:
        options["bridge_cafile"] = far.ca_file
    lines = [f"{name} {value}" for name, value in options.items()]
    for name in names:
        if name not in ecosystems():
            raise Failure(f"no topics are known of {name}; of {', '.join(ecosystems())} they are")
        lines += [_topic(hub, name, *one) for one in ecosystems()[name]["topics"]]
    lines += [_topic(hub, names[0], one, "out", "") for one in more]
    if len(lines) == len(options):
        raise Failure(f"say with --topic which topics are {names[0]}")
    return _HEAD + "\n".join(lines) + "\n"


def _topic(hub: str, ecosystem: str, pattern: str, direction: str, prefix: str) -> str:
    near = prefix or '""'
    return f"topic {pattern} {direction} 1 {near} eco/{hub}/{ecosystem}/"
