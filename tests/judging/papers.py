"""What an honest phone writes about a visit: noise of positions, late uploads, missing fixes, pictures."""

import math
import random
from datetime import datetime, timedelta
from typing import Any

from tests.judging.days import Job
from tests.judging.places import Home


def write(dice: random.Random, job: Job, number: int) -> None:
    """Write the paper of a visit as it happened."""
    came = job.came or (job.planned, job.planned + timedelta(minutes=job.minutes))
    skew = timedelta(seconds=job.carer.skew)
    job.paper = {
        "type": "visit",
        "id": f"visit-{number}",
        "person_id": job.elder.number,
        "caregiver_id": job.carer.number,
        "provider_id": job.carer.provider,
        "service": job.service,
        "planned_start": job.planned.isoformat(),
        "planned_minutes": job.minutes,
        "amount": f"{job.minutes}.00",
        "check_in": mark(dice, job.elder.home, came[0] + skew),
        "check_out": mark(dice, job.elder.home, came[1] + skew),
    }
    if dice.random() < 0.45:
        job.paper["photos"] = [picture(dice) for _ in range(dice.choice((1, 1, 2)))]
    if dice.random() < 0.12:
        job.paper["confirmations"] = [{"who": dice.choice(("elder", "family")), "agrees": True}]
    if dice.random() < 0.3:
        job.paper["signatures"] = [{"who": "elder", "is_intact": True}]


def mark(dice: random.Random, home: Home, moment: datetime) -> dict[str, Any]:
    """Return a check-in or check-out made at the home; at times the phone knows little, or has no network."""
    chance = dice.random()
    delay = dice.expovariate(1 / 4) if chance < 0.9 else dice.uniform(600, 4 * 3600)
    row: dict[str, Any] = {"at": _text(moment), "received_at": _text(moment + timedelta(seconds=delay))}
    seen = dice.random()
    if seen < 0.86:
        row |= position(dice, home, dice.choice((6, 9, 12, 18, 25, 40)))
    elif seen < 0.93:
        row |= position(dice, home, dice.uniform(150, 600))
    if dice.random() < (0.3 if seen < 0.93 else 0.9):
        row |= {"code": "valid", "code_kind": dice.choice(("printed", "rotating", "rotating"))}
    return row


def position(dice: random.Random, home: Home, accuracy: float) -> dict[str, Any]:
    """Return a position that lies off the home about as far as the phone itself says."""
    away, turn = abs(dice.gauss(0, accuracy * 0.6)), dice.uniform(0, 2 * math.pi)
    lat = home.lat + away * math.cos(turn) / 111_200
    lon = home.lon + away * math.sin(turn) / (111_200 * math.cos(math.radians(home.lat)))
    return {"lat": round(lat, 7), "lon": round(lon, 7), "accuracy_m": round(accuracy, 1)}


def picture(dice: random.Random) -> dict[str, Any]:
    """Return a new picture: a file's hash and a perceptual hash that no other picture comes near."""
    return {"sha256": f"{dice.getrandbits(256):064x}", "phash": f"{dice.getrandbits(64):016x}"}


def _text(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()
