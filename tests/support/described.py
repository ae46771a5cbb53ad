"""The published description of the client API, and what is wrong with an answer.

Whoever asks the client API in a test asks through ``Described``, so that each 2xx answer is compared,
and read as the strictest clients read it, whatever the test is about. Where the description is not at hand
(``FEDCOP_SHARED``), nothing is.
"""

import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.support import decoders

SHARED = Path(os.environ.get("FEDCOP_SHARED", "../shared"))
DESCRIPTION = SHARED / "mastodon-openapi" / "schema.json"

Json = dict[str, Any]
Operation = tuple[str, str]

V1_FILTERS = ("paths", "/api/v1/filters", "get", "responses", "200", "content", "application/json", "schema")

# Where the description is wrong: a place in it, and what it says there now (mastodon-api.md 5.5).
CORRECTIONS: tuple[tuple[tuple[str, ...], Any], ...] = (
    # Mastodon answers a number, and clients read one (abraham/mastodon-openapi PR#728).
    (("components", "schemas", "WebPushSubscription", "properties", "id", "type"), "integer"),
    # Mastodon says which fields only where somebody joins (api/base_controller.rb: the error alone).
    (("components", "schemas", "ValidationError", "required"), ["error"]),
    # A quote fits both kinds else; Mastodon's shallow one always has the id (shallow_quote_serializer.rb).
    (("components", "schemas", "ShallowQuote", "required"), ["state", "quoted_status_id"]),
    # Its words say "List of [V1::Filter]"; Mastodon's index answers a list.
    (V1_FILTERS, {"type": "array", "items": {"$ref": "#/components/schemas/V1Filter"}}),
)
# What the description does not have and would take for something else.
UNKNOWN_TO_IT = {
    "/api/v1/notifications/policy",  # the first version of the policy, not the notification called "policy"
}
# What holds less of another entity than that has elsewhere, so that clients read it as a kind of its own: the
# filter of a result is without keywords and statuses (Mastodon's filter_serializer.rb, "rules_requested").
PARTIAL = {"FilterResult"}


@cache
def description() -> Json | None:
    """Give the description with its corrections; None without it."""
    if not DESCRIPTION.exists():
        return None
    whole: Json = json.loads(DESCRIPTION.read_text("utf-8"))
    for (*place, last), said in CORRECTIONS:
        part = whole
        for key in place:
            part = part[key]
        assert part[last] != said, f"the description says so itself: {'/'.join(place)}"
        part[last] = said
    return whole


def ensured() -> Json:
    """Give the description; without it, skip the test."""
    whole = description()
    if whole is None:
        pytest.skip(f"{DESCRIPTION} is not here")
    return whole


@cache
def _registry() -> Registry[Any]:
    resource = Resource(contents=description(), specification=DRAFT202012)
    return Registry().with_resource("urn:mastodon", resource)


@cache
def _validator(*place: str) -> Draft202012Validator:
    pointer = "/".join(key.replace("~", "~0").replace("/", "~1") for key in place)
    return Draft202012Validator({"$ref": f"urn:mastodon#/{pointer}"}, registry=_registry())


def faults(entity: str, value: Any) -> list[str]:
    """Give what is wrong with an entity, or with each item of a list of them; without description, skip."""
    ensured()
    items = value if isinstance(value, list) else [value]
    return [fault for item in items for fault in _faults(item, "components", "schemas", entity)]


def _faults(value: Any, *place: str) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in _validator(*place).iter_errors(value)]


@cache
def _tree() -> Json:
    """Give the described paths by their parts; ``{}`` stands for a name, the path itself is below ``""``."""
    tree: Json = {}
    for path in (description() or {"paths": ()})["paths"]:
        node = tree
        for part in path.strip("/").split("/"):
            node = node.setdefault("{}" if part.startswith("{") else part, {})
        node[""] = path
    return tree


def _template(path: str) -> str | None:
    node: Any = _tree()
    for part in path.strip("/").split("/"):
        node = node.get(part) or node.get("{}")
        if node is None:
            return None
    found: str | None = node.get("")
    return None if path in UNKNOWN_TO_IT else found


def operation(method: str, path: str) -> Operation | None:
    """Give verb and path of what is asked, as they are described; None of what is not."""
    whole, template = description(), _template(path)
    if whole is None or template is None or method.lower() not in whole["paths"][template]:
        return None
    return method, template


def operations() -> Iterator[Operation]:
    """Give each verb and path that is described; without description, skip the test."""
    for path, asked in ensured()["paths"].items():
        yield from ((verb.upper(), path) for verb in asked)


def entities(value: Any, schema: Json) -> Iterator[tuple[str, Json]]:
    """Give each entity inside an answer that is as described, with the name of its kind."""
    if "$ref" in schema:
        kind = schema["$ref"].rpartition("/")[2]
        if isinstance(value, dict):
            yield kind, value
        if kind in PARTIAL:
            return
        schema = ensured()["components"]["schemas"][kind]
    for part, of in [*((value, choice) for choice in _fitting(value, schema)), *_parts(value, schema)]:
        yield from entities(part, of)


def _parts(value: Any, schema: Json) -> Iterator[tuple[Any, Json]]:
    if isinstance(value, list):
        yield from ((item, schema.get("items", {})) for item in value)
    elif isinstance(value, dict):
        named = schema.get("properties", {})
        yield from ((part, named.get(name, {})) for name, part in value.items())


def _fitting(value: Any, schema: Json) -> list[Json]:
    choices = [one for word in ("oneOf", "anyOf", "allOf") for one in schema.get(word, ()) if "$ref" in one]
    if len(choices) < 2:
        return choices
    return [one for one in choices if not _faults(value, *one["$ref"].split("/")[1:])]


def _unread(value: Any, schema: Json, signed_in: bool) -> list[str]:
    return [
        fault
        for kind, entity in entities(value, schema)
        for fault in decoders.refused(kind, entity, signed_in=signed_in)
    ]


def entity_faults(kind: str, value: Any) -> list[str]:
    """Give what is wrong with an entity, for the description or a decoder; nothing without description."""
    if description() is None:
        return []
    return faults(kind, value) or _unread(value, {"$ref": f"#/components/schemas/{kind}"}, True)


class Answer(Protocol):
    """An answer that has been read, by whatever library."""

    status_code: int

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def content(self) -> bytes: ...


def answer_faults(method: str, path: str, answer: Answer, *, signed_in: bool = True) -> list[str]:
    """Give what is wrong with a 2xx answer: for the description, and else for the decoders of clients.

    Nothing is wrong with a refusal, or with what is not described.
    """
    found = operation(method, path)
    if found is None or not 200 <= answer.status_code < 300:
        return []
    return [f"{' '.join(found)}: {fault}" for fault in _answer(*found, answer, signed_in)]


def _answer(method: str, path: str, answer: Answer, signed_in: bool) -> list[str]:
    place = ("paths", path, method.lower(), "responses")
    answers, status = ensured()["paths"][path][method.lower()]["responses"], str(answer.status_code)
    if status not in answers:
        return [f"{status} is not described"]
    content = answers[status].get("content", {})
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind not in content:
        return [f"{kind} is not described"] if content else []
    if kind != "application/json":
        return []
    value = json.loads(answer.content)
    found = _faults(value, *place, status, "content", kind, "schema")
    return found or _unread(value, content[kind]["schema"], signed_in)


class Described(httpx.ASGITransport):
    """Asks an application in process, and lets no answer pass that is not as described."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Give the answer, read."""
        response = await super().handle_async_request(request)
        await response.aread()
        signed_in = "authorization" in request.headers
        faults = answer_faults(request.method, request.url.path, response, signed_in=signed_in)
        assert not faults, "\n".join(faults)
        return response
