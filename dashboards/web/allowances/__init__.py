"""The desk, allowances: monthly payment lists, what the bank says of them, corrections."""

from dashboards.web.allowances import bank, pages

TOPICS = ()
ROUTERS = (bank.router, pages.router)
