"""Versions of the escalation policy: drafted, tried on a clock, put into force."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from dashboards.api.shapes import CENTRE, Code, Given, Instant, Line, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dispatch import policies, policy, simulating
from dispatch.notices import capabilities

router = APIRouter(prefix="/api/v1/escalation-policies", tags=["escalation-policies"], route_class=Guarded)
Readers = Annotated[Scope, allow(*CENTRE)]
Deciders = Annotated[Scope, allow("duty_manager", "admin")]
Steps = Annotated[list[dict[str, Any]], Field(max_length=50)]


class EscalationPolicy(Shape):
    """One version; `steps` as docs/manual/escalation.md says."""

    id: UUID
    version: int | None
    name: str
    steps: list[dict[str, Any]]
    state: Literal["draft", "active", "retired"]
    created_at: datetime
    created_by_name: str | None
    activated_at: datetime | None
    activated_by_name: str | None


class Policies(Shape):
    """Every version, the one in force first; `default`: nobody chose one, the product's is in force."""

    items: list[EscalationPolicy]
    default: list[dict[str, Any]]
    capabilities: list[str]


class NewPolicy(Given):
    """A draft."""

    name: Line
    steps: Steps


class Cast(Given):
    """Somebody of the simulation, and by what they can be reached."""

    label: Code
    channels: list[Code] = Field(default_factory=lambda: list(policy.PHONES), max_length=5)


class Said(Given):
    """On which channel somebody answers, and what."""

    channel: Code
    answer: Literal["seen", "coming", "cannot"]


class Trial(Given):
    """What is tried: by a scenario of ours, or with own people and answers."""

    steps: Steps
    scenario: Literal[
        "nobody", "first_comes", "first_cannot", "seen_only", "neighbour_comes", "manager_answers"
    ] = "nobody"
    people: Annotated[dict[Code, Annotated[list[Cast], Field(max_length=20)]], Field(max_length=7)] | None = (
        None
    )
    answers: Annotated[dict[Code, Said], Field(max_length=50)] | None = None
    start: Instant | None = None


class SimulatedLine(Shape):
    """One thing that would happen."""

    at: datetime
    step: int
    audience: str
    who: str
    channel: str
    what: str


class Simulated(Shape):
    """What would happen in the first half hour, in order of time."""

    lines: list[SimulatedLine]


@router.get("")
async def list_(scope: Readers) -> Policies:
    """List the versions."""
    able = await capabilities.of(scope.conn, scope.settings, scope.person.district_id)
    items = [shape_of(EscalationPolicy, row) for row in await policies.list_(scope.conn)]
    return Policies(items=items, default=list(policy.DEFAULT), capabilities=sorted(able))


@router.post("", status_code=201)
async def create(given: NewPolicy, scope: Deciders) -> EscalationPolicy:
    """Draft a version; each field that cannot be followed is named."""
    made = await policies.draft(
        scope.conn,
        district=scope.person.district_id,
        name=given.name,
        steps=given.steps,
        by=scope.person,
        now=scope.now,
    )
    return shape_of(EscalationPolicy, await policies.find(scope.conn, made))


@router.post("/simulate")
async def simulate(given: Trial, scope: Deciders) -> Simulated:
    """Try steps on a clock; nothing is kept and nobody is told."""
    policy.check(given.steps)
    people = simulating.CAST
    if given.people is not None:
        people = {
            name: [simulating.Person(one.label, frozenset(one.channels)) for one in group]
            for name, group in given.people.items()
        }
    answers = simulating.SCENARIOS[given.scenario]
    if given.answers is not None:
        answers = {who: simulating.Reaction(one.channel, one.answer) for who, one in given.answers.items()}
    lines = simulating.simulate(given.steps, people, answers, given.start or scope.now)
    return Simulated(lines=[SimulatedLine.model_validate(one, from_attributes=True) for one in lines])


@router.get("/{escalation_policy_id}")
async def find(escalation_policy_id: UUID, scope: Readers) -> EscalationPolicy:
    """Show one version."""
    return shape_of(EscalationPolicy, await policies.find(scope.conn, escalation_policy_id))


@router.post("/{escalation_policy_id}/change")
async def change(escalation_policy_id: UUID, given: NewPolicy, scope: Deciders) -> EscalationPolicy:
    """Rewrite a draft."""
    await policies.change(
        scope.conn, escalation_policy_id, name=given.name, steps=given.steps, by=scope.person, now=scope.now
    )
    return shape_of(EscalationPolicy, await policies.find(scope.conn, escalation_policy_id))


@router.post("/{escalation_policy_id}/activate")
async def activate(escalation_policy_id: UUID, scope: Deciders) -> EscalationPolicy:
    """Put a version into force for cases that start from now on; refused where a channel cannot be used."""
    able = await capabilities.of(scope.conn, scope.settings, scope.person.district_id)
    await policies.activate(scope.conn, escalation_policy_id, scope.person, scope.now, able)
    return shape_of(EscalationPolicy, await policies.find(scope.conn, escalation_policy_id))
