"""What carriers tell us: public webhooks, bound to one call by its token, believed only when signed.

They stand under YINLING_PUBLIC_URL/telephony and not in OpenAPI: nobody but a carrier has business there.
"""

from dashboards.telephony import domestic, inbound_voice, twilio

ROUTERS = (inbound_voice.router, twilio.router, domestic.router)
