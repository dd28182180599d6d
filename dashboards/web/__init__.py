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
    duty,
    errors,
    family,
    fleet,
    fraud,
    guardianship,
    inbound,
    installer,
    joining,
    lives,
    login,
    notices,
    plan,
    provider,
    relatives,
    report,
    roster,
    static,
)

FACES = (
    login,
    joining,
    approver,
    allowances,
    lives,
    console,
    inbound,
    caregiver,
    carers,
    family,
    assessor,
    audit,
    fraud,
    clerk,
    duty,
    notices,
    desk,
    guardianship,
    admin,
    fleet,
    installer,
    plan,
    provider,
    relatives,
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
