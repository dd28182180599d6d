"""The clerk's desk: what waits, applications, registers, matching."""

from dashboards.web.clerk import applications, home, matches, registers

TOPICS = ()
ROUTERS = (home.router, applications.router, registers.router, matches.router)
