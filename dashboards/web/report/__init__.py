"""Half-year reports with the lists behind their figures, and what-ifs of draft schemes."""

from dashboards.web.report import figures, what_ifs

TOPICS = ()
ROUTERS = (figures.router, what_ifs.router)
