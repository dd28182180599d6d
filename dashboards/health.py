"""Whether the process lives, and whether the whole chain is ready."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from core import heartbeats

router = APIRouter(tags=["health"], include_in_schema=False)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Say that this process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Say 200 only when every role has a fresh, ready heartbeat."""
    state = request.app.state
    async with state.pool.transaction() as conn:
        roles = await heartbeats.ready(conn, state.clock())
    ready = all(roles.values())
    return JSONResponse({"ready": ready, "roles": roles}, 200 if ready else 503)
