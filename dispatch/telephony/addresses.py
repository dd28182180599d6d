"""Where carriers reach us, and which carriers we may call."""

from urllib.parse import urlsplit

from core.errors import Failure
from core.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def ours(settings: Settings, path: str) -> str:
    """Return a webhook's address as a carrier is given it; raise Failure without a public one."""
    if settings.public_url is None:
        raise Failure("YINLING_PUBLIC_URL is not set: a carrier must know where to reach our webhooks")
    return f"{settings.public_url.rstrip('/')}/telephony/{path}"


def check_outgoing(settings: Settings, name: str, url: str | None) -> str:
    """Return a carrier's address when this process may call it; raise Failure naming the setting."""
    if not url:
        raise Failure(f"{name} is not set: give the carrier's address")
    parts = urlsplit(url)
    if parts.hostname in LOOPBACK and parts.scheme in {"http", "https"}:
        return url.rstrip("/")
    if parts.scheme != "https" or not parts.hostname:
        raise Failure(f"{name}: not an address of https://")
    if parts.hostname not in settings.outgoing:
        raise Failure(f"{name}: {parts.hostname} is not one of YINLING_OUTGOING_HOSTS")
    return url.rstrip("/")


def is_stand_in(url: str) -> bool:
    """Say whether a carrier's address is one of this machine: a stand-in for tests and demonstrations."""
    return urlsplit(url).hostname in LOOPBACK
