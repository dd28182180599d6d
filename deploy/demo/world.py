"""What a demo district is made of, as its data file says."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

DATA = Path(__file__).parent / "data"
DISTRICTS = ("hekou", "yongqiao")
_SHARED_SCHEMES = Path(__file__).parents[2] / "services" / "data" / "schemes"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Region(_Part):
    """A county, town or village."""

    code: str
    name: str
    parent: str | None = None


class Provider(_Part):
    """A provider with its contract's prices per visit."""

    name: str
    contract: str
    prices: dict[str, str]


class Caregiver(_Part):
    """A caregiver; a skill in `expired` has a certificate that has run out."""

    name: str
    gender: Literal["female", "male"]
    provider: int
    shift: Literal["day", "night"]
    skills: list[str]
    expired: list[str] = Field(default_factory=list)
    lat: float
    lon: float


class Staff(_Part):
    """Somebody with a desk."""

    role: str
    name: str
    provider: int | None = None


class Relative(_Part):
    """A family member."""

    name: str
    relation: str


class Elder(_Part):
    """An elder with home, assessment and kit."""

    name: str
    gender: Literal["female", "male"]
    born_on: date
    category: str
    languages: list[str]
    lives_alone: bool
    region: str
    address: str
    access: str
    lat: float
    lon: float
    score: int
    adjustments: dict[str, bool | int]
    kit: str
    conditions: list[dict[str, str]]
    family: list[Relative]


class Slot(_Part):
    """A planned visit of every day."""

    service: str
    at: str
    caregiver: int


class World(_Part):
    """A district."""

    code: str
    name: str
    scheme: str
    login: str
    regions: list[Region]
    slots: list[Slot]
    providers: list[Provider]
    caregivers: list[Caregiver]
    staff: list[Staff]
    elders: list[Elder]


class Piece(_Part):
    """A device of a kit."""

    thing_model: str
    room: str


def read(name: str) -> World:
    """Read a district's data."""
    return World.model_validate(tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8")))


def kits() -> dict[str, list[Piece]]:
    """Read what is installed in a home."""
    found = tomllib.loads((DATA / "kits.toml").read_text(encoding="utf-8"))
    return {kit: [Piece.model_validate(piece) for piece in pieces] for kit, pieces in found.items()}


def certificates() -> dict[str, str]:
    """Read which skills are certified, and by what."""
    return dict(tomllib.loads((DATA / "certificates.toml").read_text(encoding="utf-8")))


def scheme(code: str) -> str:
    """Return the text of a district's scheme: the product's, or one of the demonstration's own."""
    shared = _SHARED_SCHEMES / f"{code}.toml"
    return (shared if shared.exists() else DATA / f"{code}.toml").read_text(encoding="utf-8")
