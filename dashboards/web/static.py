"""Our own files: an address with a mark of its content may be kept for good."""

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from dashboards.web.render import STATIC


class Files(StaticFiles):
    """The folder `static/`."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, cached for a year when it is asked for by its mark."""
        response = await super().get_response(path, scope)
        marked = scope.get("query_string", b"").startswith(b"v=")
        kept = "public, max-age=31536000, immutable" if marked else "no-cache"
        MutableHeaders(raw=response.raw_headers)["Cache-Control"] = kept
        return response
