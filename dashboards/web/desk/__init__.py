"""The civil-affairs desk."""

from fastapi import APIRouter

from dashboards.web.desk import assessing, export, pages

TOPICS = ()
router = APIRouter()
router.include_router(pages.router)
router.include_router(assessing.router)
router.include_router(export.router)
