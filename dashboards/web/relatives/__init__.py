"""The desk: an elder's relatives, what each may see and do, consents, invitations."""

from dashboards.web.relatives.pages import inviting, router

TOPICS = ()
ROUTERS = (router, inviting)
__all__ = ["ROUTERS", "TOPICS"]
