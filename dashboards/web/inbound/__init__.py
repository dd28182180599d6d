"""Callers on the operators' screens: who rings, who is to be called back; cases entered by hand."""

from dashboards.web.inbound.calls import router as calls
from dashboards.web.inbound.desk_phone import router as desk_phone
from dashboards.web.inbound.entering import router as entering
from dashboards.web.inbound.sounds import router as sounds

TOPICS = ()
ROUTERS = (calls, desk_phone, entering, sounds)
