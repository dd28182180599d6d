"""Alarm rules of a district or a person, dated; and proposed changes, which a person decides."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from dashboards import audited, visible, words
from dashboards.api.shapes import CENTRE, Code, Given, Instant, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from gateway import alarm_rules, rule_proposals

router = APIRouter(prefix="/api/v1/alarm-rules", tags=["alarm-rules"], route_class=Guarded)
proposals = APIRouter(prefix="/api/v1/rule-proposals", tags=["alarm-rules"], route_class=Guarded)
Readers = Annotated[Scope, allow(*CENTRE)]
Deciders = Annotated[Scope, allow("duty_manager", "admin")]


class AlarmRule(Shape):
    """One change of a rule: whose (elder null: the district's), what, from when to when, and who set it."""

    id: UUID
    elder_id: UUID | None
    rule: str
    says: str
    params: dict[str, Any]
    enabled: bool
    valid_from: datetime
    valid_to: datetime | None
    created_at: datetime | None
    created_by: UUID | None


class InForce(Shape):
    """A rule as it is in force; `from` says who decided last: default, district or person."""

    rule: str
    says: str
    enabled: bool
    params: dict[str, Any]
    decided_by: Literal["default", "district", "person"] = Field(
        validation_alias="from", serialization_alias="from"
    )


class RulesInForce(Shape):
    """Every rule there is."""

    items: list[InForce]


class NewRule(Given):
    """A change; what is not named stays as it was. Without `valid_from` it holds at once."""

    rule: Code
    elder_id: UUID | None = None
    params: dict[str, Any] = Field(default_factory=dict, max_length=50)
    enabled: bool = True
    valid_from: Instant | None = None
    valid_to: Instant | None = None


class Proposal(Shape):
    """A change that a replay of stored days suggests; `effect` holds its figures."""

    id: UUID
    elder_id: UUID | None
    rule: str
    says: str
    params: dict[str, Any]
    effect: dict[str, Any]
    state: str
    proposed_at: datetime
    decided_at: datetime | None
    decided_by: UUID | None
    alarm_rule_id: UUID | None


@router.get("")
async def list_(scope: Readers, paged: Paged, elder_id: UUID | None = None) -> Page[AlarmRule]:
    """List changes of rules, newest first; of one elder if given."""
    await visible.check(scope, "elder", elder_id)
    rows = await alarm_rules.list_(scope.conn, elder_id, paged.after, paged.ask)
    return paged.page([_said(scope, row) for row in rows], AlarmRule)


@router.get("/in-force")
async def list_in_force(scope: Readers, elder_id: UUID | None = None) -> RulesInForce:
    """Show every rule as it is in force now, for the district or for one elder."""
    await visible.check(scope, "elder", elder_id)
    rows = await alarm_rules.in_force(scope.conn, elder_id, scope.now)
    return RulesInForce(items=[shape_of(InForce, _said(scope, row)) for row in rows])


@router.post("", status_code=201)
async def create(given: NewRule, scope: Deciders) -> AlarmRule:
    """Change a rule for the district or one elder; a parameter that does not fit is named."""
    await visible.check(scope, "elder", given.elder_id)
    made = await alarm_rules.set_(
        scope.conn,
        district=scope.person.district_id,
        elder=given.elder_id,
        rule=given.rule,
        params=given.params,
        enabled=given.enabled,
        valid_from=given.valid_from or scope.now,
        valid_to=given.valid_to,
        account=scope.person.account_id,
        now=scope.now,
    )
    await audited.note(scope, "alarm_rule.create", "alarm_rule", made, {"rule": given.rule})
    return shape_of(AlarmRule, _said(scope, await alarm_rules.find(scope.conn, made)))


@router.post("/{alarm_rule_id}/end")
async def end(alarm_rule_id: UUID, scope: Deciders) -> AlarmRule:
    """Let a change end now; what was in force before it is in force again."""
    await alarm_rules.end(scope.conn, alarm_rule_id, scope.now)
    await audited.note(scope, "alarm_rule.end", "alarm_rule", alarm_rule_id)
    return shape_of(AlarmRule, _said(scope, await alarm_rules.find(scope.conn, alarm_rule_id)))


@proposals.get("")
async def list_proposals(
    scope: Readers, paged: Paged, state: Literal["proposed", "approved", "rejected"] | None = None
) -> Page[Proposal]:
    """List proposals, newest first; of one state if given."""
    rows = await rule_proposals.list_(scope.conn, state, paged.after, paged.ask)
    return paged.page([_said(scope, row) for row in rows], Proposal)


@proposals.get("/{rule_proposal_id}")
async def find_proposal(rule_proposal_id: UUID, scope: Readers) -> Proposal:
    """Show one proposal."""
    return await _proposal(scope, rule_proposal_id)


@proposals.post("/{rule_proposal_id}/approve")
async def approve(rule_proposal_id: UUID, scope: Deciders) -> Proposal:
    """Let a proposal become the rule from now on; the audit log keeps who said so."""
    person = scope.person
    made = await rule_proposals.approve(
        scope.conn, rule_proposal_id, district=person.district_id, account=person.account_id, now=scope.now
    )
    await audited.note(
        scope, "rule_proposal.approve", "rule_proposal", rule_proposal_id, {"alarm_rule": str(made)}
    )
    return await _proposal(scope, rule_proposal_id)


@proposals.post("/{rule_proposal_id}/reject")
async def reject(rule_proposal_id: UUID, scope: Deciders) -> Proposal:
    """Put a proposal away."""
    await rule_proposals.reject(scope.conn, rule_proposal_id, account=scope.person.account_id, now=scope.now)
    await audited.note(scope, "rule_proposal.reject", "rule_proposal", rule_proposal_id)
    return await _proposal(scope, rule_proposal_id)


async def _proposal(scope: Scope, proposal: UUID) -> Proposal:
    return shape_of(Proposal, _said(scope, await rule_proposals.find(scope.conn, proposal)))


def _said(scope: Scope, row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row or a mapping
    return {**row, "says": words.word(scope.language, "rules", row["rule"])}
