"""What was bought, group by group; a claim's evidence as a signed file; the keys that verify it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import local_date
from core.signing import Ring
from dashboards import visible
from dashboards.api.shapes import OFFICE, Code, Line, Money, Month, Shape, month_start, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import purchases
from services.evidence import heads, packs
from services.purchases import By, Filter

router = APIRouter(prefix="/api/v1/purchases", tags=["purchases"], route_class=Guarded)
evidence = APIRouter(prefix="/api/v1", tags=["evidence"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE)]
LINES = "application/jsonl"


class Group(Shape):
    """A group's sums: `key` is a month, a code or an id, `name` what people call it."""

    key: str
    name: str | None
    claims: int
    units: Decimal
    amount: Money
    subsidy: Money
    copay: Money
    approved: Money
    flagged: int


class Total(Shape):
    """The sums of all groups."""

    claims: int
    units: Decimal
    amount: Money
    subsidy: Money
    copay: Money
    approved: Money
    flagged: int


class Purchases(Shape):
    """What a filter adds up to."""

    first: date
    last: date
    by: str
    total: Total
    items: list[Group]


class EvidenceKey(Shape):
    """A public key of evidence packs (Ed25519, hexadecimal)."""

    number: int
    public: str
    fingerprint: str
    made_at: datetime
    retired_at: datetime | None


class Evidence(Shape):
    """The keys that verify packs, and the head of the audit log's chain."""

    keys: list[EvidenceKey]
    audit_lines: int
    audit_head: str | None


@router.get("")
async def grouped(
    scope: Readers,
    by: By = "town",
    first: Month | None = None,
    last: Month | None = None,
    town: Line | None = None,
    provider_id: UUID | None = None,
    service: Code | None = None,
    grade: Code | None = None,
    scheme: Line | None = None,
) -> Purchases:
    """Say what was bought, grouped by town, provider, service, grade, scheme or month (of the statements)."""
    await visible.check(scope, "provider", provider_id)
    until = month_start(last) or local_date(scope.now).replace(day=1)
    since = min(month_start(first) or until.replace(month=1), until)
    wanted = Filter(since, until, town, provider_id, service, grade, scheme)
    rows = await purchases.grouped(scope.conn, wanted, by)
    total = shape_of(Total, await purchases.total(scope.conn, wanted))
    items = [shape_of(Group, row) for row in rows]
    return Purchases(first=since, last=until, by=by, total=total, items=items)


@evidence.get("/evidence")
async def keys(scope: Readers) -> Evidence:
    """Show the public keys of evidence packs, and the audit log's head."""
    ring = Ring.load_or_create(scope.settings.evidence_keys_path, scope.now)
    head = await heads.head(scope.conn)
    found = [
        EvidenceKey(
            number=key.number,
            public=key.hex,
            fingerprint=key.fingerprint,
            made_at=key.made_at,
            retired_at=key.retired_at,
        )
        for key in ring.keys
    ]
    number, digest = (head.number, head.hex) if head else (0, None)
    return Evidence(keys=found, audit_lines=number, audit_head=digest)


@evidence.post(
    "/claims/{claim_id}/evidence", response_class=Response, responses={200: {"content": {LINES: {}}}}
)
async def pack(claim_id: UUID, scope: Readers) -> Response:
    """Give a claim's evidence as a signed file; who asked stands on the audit log."""
    ring = Ring.load_or_create(scope.settings.evidence_keys_path, scope.now)
    made = await packs.build(scope.conn, ring, claim_id, packs.Maker.of(scope.person), scope.now)
    name = f'attachment; filename="{made.name}"'
    return Response(made.data, media_type=LINES, headers={"Content-Disposition": name})
