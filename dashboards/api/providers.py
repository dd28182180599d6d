"""Providers: organisations under contract."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from core.errors import NotFound
from dashboards.api.shapes import STAFF, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dispatch import providers

router = APIRouter(prefix="/api/v1/providers", tags=["providers"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "provider_manager")]


class Provider(Shape):
    """One organisation."""

    id: UUID
    name: str
    created_at: datetime
    ended_at: datetime | None


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
