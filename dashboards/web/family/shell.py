"""What makes the family's pages an app: worker, manifest, the page for when there is no network."""

import hashlib
import json
from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from dashboards import words
from dashboards.problems import wish
from dashboards.vocabulary.mark import N_
from dashboards.web.render import answer, asset

router = APIRouter(prefix="/family", include_in_schema=False)
MARKED = (
    "css/base.css",
    "css/family.css",
    "vendor/htmx-2.min.js",
    "bell.svg",
    "icons/family-192.png",
    "js/page.js",
)
"""Files that pages ask for by a mark of their content."""
PLAIN = ("js/live.js", "js/stream.js")
"""Files that scripts import by their plain name."""
ALONE = "/family/offline"


@cache
def worker() -> str:
    """Return the service worker: what it keeps, then its code; another build is another text."""
    marked = [asset(name) for name in (*MARKED, "js/family.js")]
    mark = hashlib.sha256("\0".join([*marked, asset("js/family/worker.js")]).encode()).hexdigest()[:12]
    files = [*marked, *(f"/static/{name}" for name in PLAIN), ALONE]
    given = json.dumps({"build": mark, "files": files, "alone": ALONE, "icon": asset("icons/family-192.png")})
    return f"self.YL_FAMILY = {given};\nimportScripts({json.dumps(asset('js/family/worker.js'))});\n"


@router.get("/sw.js")
async def service_worker() -> Response:
    """Serve the worker; it may look after `/family` itself, which is above its own folder."""
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/family"}
    return Response(worker(), media_type="text/javascript", headers=headers)


@router.get("/offline")
async def offline(request: Request) -> Response:
    """Show what is left without a network: whom to call."""
    language = wish(request, None)
    return answer(language, "family/offline.html", links=[], person=None, path=ALONE, large=False, now=None)


@router.get("/app.webmanifest")
async def manifest(request: Request) -> Response:
    """Say what the app is called and looks like on the phone's home screen."""
    language = wish(request, None)
    icons = [
        {"src": asset(f"icons/family-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    said = {
        "id": "/family",
        "name": words.say(language, N_("Yinling family")),
        "short_name": words.say(language, "Yinling"),
        "start_url": "/family",
        "scope": "/family",
        "display": "standalone",
        "lang": "zh-CN" if language == "zh_CN" else language,
        "theme_color": "#12303a",
        "background_color": "#f3f5f7",
        "icons": [*icons, {**icons[1], "purpose": "maskable"}],
        "shortcuts": [{"name": words.say(language, "How they are"), "url": "/family"}],
    }
    return JSONResponse(said, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})
