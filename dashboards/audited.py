"""What a person did, on record: one line of the audit log in the request's transaction."""

from uuid import UUID

from core import audit
from dashboards.auth import Scope


async def note(
    scope: Scope, action: str, kind: str, subject: UUID | None, detail: dict[str, object] | None = None
) -> None:
    """Write who did what to which thing; `detail` holds codes and ids, never a person's data."""
    await audit.record(
        scope.conn,
        district=scope.person.district_id,
        at=scope.now,
        account=scope.person.account_id,
        action=action,
        subject_kind=kind,
        subject=subject,
        detail=detail,
    )
