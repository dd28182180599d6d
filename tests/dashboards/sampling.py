"""Findings, samples and scores: who may call what, and one of each in a district."""

from datetime import date
from typing import Any
from uuid import UUID

from core.ids import new_id
from services import samples
from tests.dispatch.worlds import World
from tests.makers import NOW

OFFICE = {"clerk", "auditor", "approver", "admin"}
AUDITOR = {"auditor"}
SAMPLING: dict[tuple[str, str], set[str]] = {
    ("GET", "/findings"): OFFICE,
    ("GET", "/findings/{finding_id}"): OFFICE,
    ("POST", "/findings/{finding_id}/confirm"): AUDITOR,
    ("POST", "/findings/{finding_id}/dismiss"): AUDITOR,
    ("POST", "/findings/run"): AUDITOR,
    ("GET", "/samples"): OFFICE,
    ("POST", "/samples"): AUDITOR,
    ("GET", "/samples/{audit_sample_id}"): OFFICE,
    ("POST", "/sample-items/{sample_item_id}/record"): AUDITOR,
    ("GET", "/provider-scores"): OFFICE,
}
FILTERS = (("/findings", "provider_id"),)
FINDING = """INSERT INTO finding (id, district_id, month, kind, key, is_main, severity, provider_id, elder_id,
                                  visit_id, visit_ids, score, evidence, found_at, seen_at)
             SELECT $1, district_id, '2026-11-01', 'shortened', id::text, true, 'high', provider_id, elder_id,
                    id, ARRAY[id], 0.9, '[{"code": "short", "minutes": 20, "planned_minutes": 60}]', $3, $3
             FROM visit WHERE id = $2"""


def bodies(ids: dict[str, UUID]) -> dict[str, dict[str, Any]]:
    """Return bodies of writes."""
    del ids
    return {
        "/findings/{finding_id}/confirm": {"reason": "documents"},
        "/findings/{finding_id}/dismiss": {"reason": "explained"},
        "/findings/run": {"month": "2026-10"},
        "/samples": {"month": "2026-11", "size": 1},
        "/sample-items/{sample_item_id}/record": {"outcome": "as_billed"},
    }


async def make_sampling(world: World, ids: dict[str, UUID]) -> None:
    """Make a finding of the visit, and a sample of the month's claims."""
    ids["finding_id"] = new_id()
    async with world.worker.transaction(world.district) as conn:
        await conn.execute(FINDING, ids["finding_id"], ids["visit_id"], NOW)
        month = await conn.fetchval("SELECT month FROM claim WHERE id = $1", ids["claim_id"])
        made = await samples.draw(
            conn, district=world.district, month=month or date(2026, 11, 1), size=1, now=NOW
        )
        [item] = await samples.items_of(conn, made)
        ids |= {"audit_sample_id": made, "sample_item_id": item["id"]}
