"""No sentence has a hole: every figure that a code's words want is a figure that its maker gives."""

import importlib
import pkgutil
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.ids import new_id
from dashboards import vocabulary, words
from dispatch.matching import Busy, Candidate, Certificate, Need, match

DEMO = Path(__file__).parents[2] / "deploy" / "demo" / "data"
AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
NEED = Need("emergency", "emergency", 1, 37.886, 118.526, AT, date(2026, 11, 21), 60, 1.35)


def candidate(name: str, **given: object) -> Candidate:
    row: dict[str, object] = {
        "caregiver_id": new_id(),
        "name": name,
        "skills": frozenset({"emergency"}),
        "certificates": (),
        "shift_until": AT + timedelta(hours=4),
        "next_shift": None,
        "lat": 37.89,
        "lon": 118.53,
        "position": "base",
        "speed_kmh": 18.0,
    }
    return Candidate(**{**row, **given})  # type: ignore[arg-type]


def certificate(first: date, last: date) -> tuple[Certificate, ...]:
    return (Certificate("emergency", first, last),)


CANDIDATES = (
    candidate("near"),
    candidate("farther", lat=37.95),
    candidate("too_far", lat=39.5),
    candidate("no_skill", skills=frozenset({"meal"})),
    candidate("expired", certificates=certificate(date(2020, 1, 1), date(2025, 1, 1))),
    candidate("not_yet", certificates=certificate(date(2027, 1, 1), date(2028, 1, 1))),
    candidate("off_shift", shift_until=None, next_shift=AT + timedelta(hours=9)),
    candidate("busy", busy=(Busy(new_id(), 1, AT + timedelta(hours=1)),)),
    candidate("declined", declined_at=AT),
    candidate("unanswered", declined_at=AT, answer="unanswered"),
    candidate("on_leave", shift_until=None, away={"kind": "sick", "until": "2026-11-22T08:00:00+00:00"}),
    candidate("no_agreement", ring=4),
)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_reason_why_somebody_goes_or_not_is_a_whole_sentence(language: str) -> None:
    why = words.why(language, match(NEED, CANDIDATES).why)
    assert len({one["code"] for one in why["considered"]}) == len(CANDIDATES)
    for one in (*why["considered"], why["chosen"]):
        assert "?" not in one["says"], one
        assert "(" not in one["says"], one


def test_a_table_of_words_stands_in_one_module() -> None:
    """Tables are joined by name: of two with one name, one would never be read."""
    homes: dict[str, dict[int, str]] = {}
    for one in pkgutil.iter_modules(vocabulary.__path__):
        module = importlib.import_module(f"{vocabulary.__name__}.{one.name}")
        for name, table in vars(module).items():
            if name.isupper() and isinstance(table, dict):
                homes.setdefault(name, {}).setdefault(id(table), one.name)
    assert [list(found.values()) for found in homes.values() if len(found) > 1] == []


def test_a_figure_may_be_called_like_a_parameter() -> None:
    assert words.say("en", "%(message)s %(language)s", message="a", language="b") == "a b"


def test_every_language_of_the_demonstration_has_its_word() -> None:
    spoken = {
        language
        for file in DEMO.glob("*.toml")
        for elder in tomllib.loads(file.read_text(encoding="utf-8")).get("elders", [])
        for language in elder.get("languages", [])
    }
    assert "ug" in spoken
    assert spoken <= words.table("zh_CN", "languages").keys()
