"""What Mosquitto reads: pure text from the registry's rows."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.crypto import device_password_hash, device_password_salt

CANARY = "canary"
CONFIG = Path(__file__).with_name("mosquitto.conf")
_DEVICES = """
pattern write yl/v1/%u/telemetry
pattern write yl/v1/%u/alarm
pattern write yl/v1/%u/status
pattern write yl/v1/%u/command/result
pattern read yl/v1/%u/receipt
pattern read yl/v1/%u/command
"""


@dataclass(frozen=True)
class Credential:
    """A device that may speak."""

    username: str
    password_hash: bytes
    is_hub: bool


def passwords(devices: Iterable[Credential]) -> str:
    """Write the password file of devices."""
    return "".join(_line(one.username, one.password_hash) for one in devices)


def service_passwords(services: Mapping[str, str], canary: str) -> str:
    """Write the password file of services.

    The canary is a user that is new with every copy: who gets in with it knows that all files have been read.
    """
    known = {CANARY: canary, **services}
    return "".join(_line(name, device_password_hash(name, password)) for name, password in known.items())


def _line(name: str, digest: bytes) -> str:
    salt = base64.b64encode(device_password_salt(name)).decode()
    return f"{name}:$7$1${salt}${base64.b64encode(digest).decode()}\n"


def topics(devices: Iterable[Credential]) -> str:
    """Write the topic file: a hub its own ecosystem, a device its own topics."""
    hubs = (one.username for one in devices if one.is_hub)
    return "\n".join(f"user {name}\ntopic readwrite eco/{name}/#\n" for name in hubs) + _DEVICES


def local_config(folder: Path, device_port: int, service_port: int, user: str) -> str:
    """Return the configuration for this machine: loopback only, files in one folder."""
    text = CONFIG.read_text(encoding="utf-8")
    text = text.replace("/mosquitto/access/", f"{folder}/").replace("/mosquitto/data/", f"{folder}/")
    text = re.sub(r"^listener 1883$", f"listener {device_port} 127.0.0.1", text, flags=re.MULTILINE)
    text = re.sub(r"^listener 1884$", f"listener {service_port} 127.0.0.1", text, flags=re.MULTILINE)
    return f"user {user}\n{text}"


def tls_listener(port: int, folder: Path, name: str, access: Path, *, is_for_devices: bool = True) -> str:
    """Return a listener by TLS, with a certificate that `yinling ca issue NAME` made in a folder."""
    known = (
        f"password_file {access}/passwords\nacl_file {access}/acl\nuse_username_as_clientid true\n"
        if is_for_devices
        else f"password_file {access}/services\n"
    )
    return (
        f"\nlistener {port}\nallow_anonymous false\n{known}cafile {folder}/ca.pem\n"
        f"certfile {folder}/{name}.pem\nkeyfile {folder}/{name}.key\ntls_version tlsv1.2\n"
    )
