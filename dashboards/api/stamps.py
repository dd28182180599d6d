"""What a phone says of itself when it sends a record: its clock by a header, which retries may change."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Header

from dashboards.api.visit_shapes import Mark
from dispatch.phone.clocks import Heard
from dispatch.phone.marks import Stamp

PhoneTime = Annotated[str | None, Header(alias="Phone-Time", max_length=40)]
"""The phone's clock at the moment of sending: no part of the request's fingerprint."""


def of(given: Mark, now: datetime, phone_time: str | None) -> Stamp:
    """Return a mark as dispatch takes it."""
    return {
        "at": given.at or now,
        "lat": given.lat,
        "lon": given.lon,
        "accuracy_m": given.accuracy_m,
        "scanned": given.qr,
        "scanned_at": given.scanned_at,
        "digits": given.digits,
        "heard": Heard(given.app, given.clock_s, behind(phone_time, now)),
    }


def behind(phone_time: str | None, now: datetime) -> float | None:
    """Return by how many seconds a phone's clock is behind ours; None when it does not say."""
    try:
        there = datetime.fromisoformat(phone_time or "")
    except ValueError:
        return None
    if there.tzinfo is None:
        return None
    return (now - there.astimezone(UTC)).total_seconds()
