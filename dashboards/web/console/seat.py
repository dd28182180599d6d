"""What stands around a case: who looks, who could take it, calls, and the steps of its escalation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import phones
from core.db import Row
from core.sql import load
from dashboards.auth import Scope
from dispatch import cases
from dispatch.seats.presence import FRESH

SQL = load(__file__)


@dataclass(frozen=True)
class Seat:
    """Everything around the case; times inside are text."""

    watchers: list[dict[str, Any]]
    offer: dict[str, Any] | None
    owner: dict[str, Any] | None
    colleagues: list[dict[str, Any]]
    calls: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    call: dict[str, Any] | None
    """My own call that is under way; `number` in clear when I dial it by hand."""
    whom: list[dict[str, Any]]
    """Whom one key calls: {key, target, id, name}."""
    around: list[dict[str, Any]]
    """Where every caregiver is, as far as is known: {id, name, lat, lon, on_shift}."""
    steps: list[dict[str, Any]]
    """The policy's steps: {nth, audience, channels, wait, is_done, is_next}."""


async def find(scope: Scope, case: Row, contacts: Sequence[Row], caregiver: Row | None) -> Seat:
    """Gather it in one statement."""
    row = await scope.conn.fetchrow(
        SQL.find_seat, case["id"], scope.now - FRESH, scope.person.account_id, scope.now
    )
    assert row is not None  # noqa: S101 - a question without FROM has one row
    calls = row["calls"]
    mine = next((one for one in calls if _is_mine(one, scope.person.account_id)), None)
    return Seat(
        watchers=row["watchers"],
        offer=row["offer"],
        owner=row["owner"],
        colleagues=row["colleagues"],
        calls=calls,
        notices=row["notices"],
        call=_with_number(scope, mine) if mine else None,
        around=row["around"],
        whom=whom(case, contacts, caregiver, calls),
        steps=steps(case),
    )


def whom(
    case: Row, contacts: Sequence[Row], caregiver: Row | None, calls: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return whom the keys 1, 2, 3 and 0 call; 2 is who of the family was called least."""
    found: list[dict[str, Any]] = []
    if case["elder_id"] is not None:
        found.append({"key": "1", "target": "elder", "id": None, "name": case["elder_name"]})
    if contacts:
        tried = [str(one["family_member_id"]) for one in calls]
        next_ = min(contacts, key=lambda one: tried.count(str(one["id"])))
        found.append({"key": "2", "target": "family", "id": next_["id"], "name": next_["name"]})
    if caregiver is not None:
        name = {"id": caregiver["caregiver_id"], "name": caregiver["caregiver_name"]}
        found.append({"key": "3", "target": "caregiver", **name})
    return [*found, {"key": "0", "target": "emergency_120", "id": None, "name": None}]


def steps(case: Row) -> list[dict[str, Any]]:
    """Return the steps of the policy that the case keeps; the next is the one that the clock waits for."""
    given = case["policy"]["steps"]
    waits = case["state"] == "raised" and case["class"] == "care" and case["escalate_at"] is not None
    next_ = min(case["step"] + 1, len(given) - 1) if waits else None
    return [
        {
            "nth": nth,
            "audience": one["audience"],
            "channels": one.get("channels", []),
            "wait": one["wait_seconds"],
            "is_done": nth <= case["step"] and case["class"] == "care",
            "is_next": nth == next_,
        }
        for nth, one in enumerate(given)
    ]


def _is_mine(call: dict[str, Any], account: UUID) -> bool:
    return call["account_id"] == str(account) and call["ended_at"] is None and call["kind"] == "bridge"


def _with_number(scope: Scope, call: dict[str, Any]) -> dict[str, Any]:
    """Show the number while it is dialled by hand (that was put on record when the call began)."""
    sealed = bytes.fromhex((call["sealed"] or "").removeprefix("\\x"))
    number = scope.keys.open(scope.person.district_id, sealed) if sealed else ""
    shown = phones.read(number, made_up=True).stored if number and call["carrier"] == "desk" else ""
    return {**call, "number": shown, "results": cases.CALL_RESULTS}
