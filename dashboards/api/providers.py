"""Providers: organisations under contract."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter

from core.errors import NotFound
from dashboards import audited, employed
from dashboards.api.shapes import STAFF, Given, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dashboards.employed import MANAGERS
from dispatch import providers

router = APIRouter(prefix="/api/v1/providers", tags=["providers"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "provider_manager")]


class Provider(Shape):
    """One organisation."""

    id: UUID
    name: str
    mode: str
    created_at: datetime
    ended_at: datetime | None


class Mode(Given):
    """`dispatch` names who goes, `grab` lets the first who takes a visit have it."""

    mode: Literal["dispatch", "grab"]


@router.get("")
async def list_(scope: Readers, paged: Paged) -> Page[Provider]:
    """List providers; a provider's manager sees the own only."""
    if scope.person.role == "provider_manager":
        mine = scope.person.provider_id
        found = [await providers.find(scope.conn, mine)] if mine else []
        return paged.page(found, Provider)
    return paged.page(await providers.list_(scope.conn, paged.after, paged.ask), Provider)


@router.get("/{provider_id}")
async def find(provider_id: UUID, scope: Readers) -> Provider:
    """Show one provider."""
    if scope.person.role == "provider_manager" and provider_id != scope.person.provider_id:
        raise NotFound(f"no provider {provider_id}")
    return shape_of(Provider, await providers.find(scope.conn, provider_id))


@router.post("/{provider_id}/mode")
async def set_mode(provider_id: UUID, given: Mode, scope: Annotated[Scope, allow(*MANAGERS)]) -> Provider:
    """Say how the provider's visits find their caregiver."""
    await employed.provider(scope, provider_id)
    await providers.set_mode(scope.conn, provider_id, given.mode)
    await audited.note(scope, "provider.mode", "provider", provider_id, {"mode": given.mode})
    return shape_of(Provider, await providers.find(scope.conn, provider_id))
