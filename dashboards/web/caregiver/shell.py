"""What makes the phone's pages an app: its worker, its manifest, the mark of this build, whose page it is."""

import hashlib
import json
from functools import cache
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from dashboards import words
from dashboards.auth import Scope
from dashboards.problems import wish
from dashboards.web.pages import show
from dashboards.web.render import asset

router = APIRouter(include_in_schema=False)
MARKED = (
    *("css/base.css", "css/caregiver.css", "css/desk.css", "css/assessor.css", "js/assess.js"),
    *("vendor/htmx-2.min.js", "bell.svg", "icons/phone-192.png"),
    *("js/phone/store.js", "js/phone/outbox.js", "js/caregiver.js", "js/page.js"),
)
"""Files that pages ask for by a mark of their content."""
PLAIN = (
    *("js/live.js", "js/stream.js", "js/phone/camera.js", "js/phone/carry.js", "js/phone/lone.js"),
    *("js/phone/sign.js", "js/phone/view.js", "js/phone/seal.js", "js/phone/score.js"),
)
"""Files that scripts import by their plain name."""
IMPORTED = ("js/phone/store.js", "js/phone/outbox.js", "js/phone/worker.js")


@cache
def build() -> str:
    """Return the mark of everything that the phone keeps of ours."""
    marks = [asset(name) for name in (*MARKED, *PLAIN, "js/phone/worker.js")]
    return hashlib.sha256("\0".join(marks).encode()).hexdigest()[:12]


@cache
def worker() -> str:
    """Return the service worker: what it keeps, then its code; another build is another text."""
    files = [*(asset(name) for name in MARKED), *(f"/static/{name}" for name in PLAIN)]
    given = json.dumps({"build": build(), "files": [*files, "/manifest.webmanifest"]})
    scripts = ", ".join(json.dumps(asset(name)) for name in IMPORTED)
    return f"self.YL_BUILD = {given};\nimportScripts({scripts});\n"


@router.get("/sw.js")
async def service_worker() -> Response:
    """Serve the worker; browsers ask for it anew each time."""
    return Response(worker(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@router.get("/manifest.webmanifest")
async def manifest(request: Request) -> Response:
    """Say what the app is called and looks like on the phone's home screen."""
    language = wish(request, None)
    sizes = (("icons/phone-192.png", "192x192", "image/png"), ("icons/phone-512.png", "512x512", "image/png"))
    icons = [{"src": asset(name), "sizes": size, "type": kind} for name, size, kind in sizes]
    said = {
        "id": "/m",
        "name": words.say(language, "Yinling"),
        "short_name": words.say(language, "Yinling"),
        "start_url": "/m",
        "scope": "/",
        "display": "standalone",
        "lang": "zh-CN" if language == "zh_CN" else language,
        "theme_color": "#12303a",
        "background_color": "#f3f5f7",
        "icons": [
            *icons,
            {
                "src": asset("icons/phone.svg"),
                "sizes": "any",
                "type": "image/svg+xml",
                "purpose": "any maskable",
            },
        ],
    }
    return JSONResponse(said, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


def page(
    request: Request,
    scope: Scope,
    template: str,
    *,
    status: int = 200,
    **context: Any,  # noqa: ANN401 - whatever the template needs
) -> Response:
    """Answer with a page of the phone, which says whose it is: only the worker of that account keeps it."""
    response = show(request, scope, template, status=status, build=build(), **context)
    response.headers["Yl-Account"] = str(scope.person.account_id)
    return response
