"""The provider's desk: what waits for a word, who is late, who could go instead, how the week went."""

from dashboards.web.provider import figures, money, pages

TOPICS = ()
ROUTERS = (pages.router, figures.router, money.router)
__all__ = ["ROUTERS", "TOPICS"]
