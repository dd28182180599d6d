"""`/docs`: the API on one plain page, made of the OpenAPI document; nothing is fetched from elsewhere."""

from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Yinling API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Yinling API</h1>
<p>Log in with <code>POST /api/v1/session</code>, then send <code>Authorization: Bearer TOKEN</code>.
Errors are problem details (RFC 9457). Lists are paged: pass <code>next</code> as <code>after</code>.
A write may carry an <code>Idempotency-Key</code>.
Machines read <a href="/openapi.json">/openapi.json</a>.</p>
<nav><ul>{index}</ul></nav>
{operations}
<h2 id="schemas">Schemas</h2>
{schemas}
</main></body></html>"""


EVENTS = {
    "get": {
        "tags": ["events"],
        "summary": "Events",
        "description": "Server-sent events: one a change, `id:` its number, `data:` {kind, id, case_id, …}."
        " Last-Event-ID (or ?after=) resumes; `event: resync` says that what was missed is no longer kept.",
        "parameters": [
            {"name": "after", "in": "query", "required": False, "schema": {"type": "integer"}},
            {"name": "Last-Event-ID", "in": "header", "required": False, "schema": {"type": "integer"}},
        ],
        "responses": {"200": {"description": "a stream", "content": {"text/event-stream": {}}}},
    }
}


def describe(app: FastAPI) -> None:
    """Add what FastAPI cannot know to the OpenAPI document: the event feed is a plain ASGI endpoint."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        document["paths"].setdefault("/api/v1/events", EVENTS)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Show the API."""
    return HTMLResponse(page(request.app.openapi()))


def page(document: dict[str, Any]) -> str:
    """Return the page of an OpenAPI document."""
    groups: dict[str, list[str]] = {}
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            tag = operation.get("tags", ["other"])[0]
            groups.setdefault(tag, []).append(_operation(verb, path, operation))
    index = "".join(f'<li><a href="#{escape(tag)}">{escape(tag)}</a></li>' for tag in groups)
    operations = "".join(
        f'<h2 id="{escape(tag)}">{escape(tag)}</h2>{"".join(items)}' for tag, items in groups.items()
    )
    schemas = document.get("components", {}).get("schemas", {})
    shapes = "".join(_schema(name, schema) for name, schema in sorted(schemas.items()))
    return _PAGE.format(index=index, operations=operations, schemas=shapes)


def _operation(verb: str, path: str, operation: dict[str, Any]) -> str:
    rows = [_parameter(one) for one in operation.get("parameters", [])]
    body = _content(operation.get("requestBody", {}))
    answers = [
        f"<li>{escape(status)}: {_content(answer) or escape(answer.get('description', ''))}</li>"
        for status, answer in operation.get("responses", {}).items()
    ]
    about = escape(operation.get("description", operation.get("summary", "")))
    return (
        f"<h3><code>{verb.upper()} {escape(path)}</code></h3><p>{about}</p>"
        + (f"<ul>{''.join(rows)}</ul>" if rows else "")
        + (f"<p>Body: {body}</p>" if body else "")
        + f"<ul>{''.join(answers)}</ul>"
    )


def _parameter(one: dict[str, Any]) -> str:
    needed = ", required" if one.get("required") else ""
    about = escape(one.get("description", ""))
    return (
        f"<li><code>{escape(one['name'])}</code> ({one['in']}{needed}): {_type(one['schema'])} {about}</li>"
    )


def _content(holder: dict[str, Any]) -> str:
    content = holder.get("content", {})
    return ", ".join(
        _type(one["schema"]) if one.get("schema") else escape(kind) for kind, one in content.items()
    )


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(one))}</code>" for one in schema["enum"])
    return escape(str(schema.get("format") or schema.get("type") or "anything"))


def _schema(name: str, schema: dict[str, Any]) -> str:
    needed = set(schema.get("required", []))
    rows = "".join(
        f"<li><code>{escape(field)}</code>{'' if field in needed else ' (optional)'}: {_type(shape)}</li>"
        for field, shape in schema.get("properties", {}).items()
    )
    about = escape(schema.get("description", ""))
    return f'<h3 id="{escape(name)}">{escape(name)}</h3><p>{about}</p><ul>{rows}</ul>'
