"""The faces: server-rendered pages, one folder per audience."""

from fastapi import FastAPI

from dashboards.web import (
    admin,
    allowances,
    approver,
    assessor,
    audit,
    care,
    caregiver,
    carers,
    clerk,
    console,
    desk,
    errors,
    family,
    fleet,
    fraud,
    guardianship,
    installer,
    lives,
    login,
    plan,
    provider,
    report,
    roster,
    static,
)

FACES = (
    login,
    approver,
    allowances,
    lives,
    console,
    caregiver,
    carers,
    family,
    assessor,
    audit,
    fraud,
    clerk,
    desk,
    guardianship,
    admin,
    fleet,
    installer,
    plan,
    provider,
    report,
    roster,
    care,
)


def install(app: FastAPI) -> None:
    """Give the app its pages and their files."""
    app.mount("/static", static.Files())
    for face in FACES:
        for router in face.ROUTERS:
            app.include_router(router)


def furnish(app: FastAPI) -> None:
    """Give an app's state the feeds of the pages and a page for every problem."""
    app.state.problem_page = errors.page
    for face in FACES:
        for topic in face.TOPICS:
            app.state.hub.topics[topic.name] = topic
