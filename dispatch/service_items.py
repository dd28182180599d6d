"""Service items as data: code, usual minutes, skill needed, how many people, names."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dispatch import fields


@dataclass(frozen=True)
class ServiceItem:
    """One service that can be performed in a home."""

    code: str
    group: str
    minutes: int
    skill: str
    staff: int
    zh: str
    en: str
    interruptible: bool
    staff_by_grade: Mapping[str, int] = field(default_factory=dict)

    def name(self, language: str) -> str:
        """Return its name in a language of ours."""
        return self.zh if language.startswith("zh") else self.en


def parse(text: str) -> dict[str, ServiceItem]:
    """Read service items from TOML."""
    return {code: ServiceItem(code=code, **item) for code, item in tomllib.loads(text).items()}


ITEMS = parse(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def get(code: str) -> ServiceItem:
    """Return an item, or raise Invalid naming the field."""
    item = ITEMS.get(code)
    if item is None:
        raise fields.wrong("service", "unknown", f"one of {', '.join(ITEMS)}")
    return item


def staff(code: str, grade: str | None) -> int:
    """Return how many must come together for somebody of this grade (None: not graded); raise Invalid."""
    item = get(code)
    return item.staff_by_grade.get(grade or "", item.staff)
