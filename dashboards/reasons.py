"""Why one was chosen and others were not, as far as the reader may know of those others."""

from collections.abc import Mapping
from typing import Any

from core.ids import parse_id
from core.sql import load
from dashboards.auth import Scope

SQL = load(__file__)


async def seen(scope: Scope, kept: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return the reasons of a choice: a manager reads those of the own people, a caregiver the own."""
    person = scope.person
    if not kept or person.role not in {"provider_manager", "caregiver"}:
        return kept
    considered: list[dict[str, Any]] = kept.get("considered") or []
    named = [found for one in considered if (found := parse_id(str(one.get("caregiver_id"))))]
    own = {person.caregiver_id}
    if person.role == "provider_manager" and named:
        rows = await scope.conn.fetch(SQL.list_own, named, person.provider_id)
        own = {row["id"] for row in rows}
    mine = [one for one in considered if parse_id(str(one.get("caregiver_id"))) in own]
    return {**kept, "considered": mine}
