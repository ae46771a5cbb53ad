"""Answers compared with the published description of the client API."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

SHARED = Path(os.environ.get("FEDCOP_SHARED", "../shared"))
DESCRIPTION = SHARED / "mastodon-openapi" / "schema.json"

# Where we differ on purpose: (entity, the beginning of what the validator says).
DEVIATIONS: tuple[tuple[str, str], ...] = (
    # Grouped notifications, which the first number promises, are not there yet.
    ("Instance", "$: 'api_versions' is a required property"),
)


@cache
def registry() -> Registry[Any]:
    """Give the description as something that references are looked up in; without it, skip the test."""
    if not DESCRIPTION.exists():
        pytest.skip(f"{DESCRIPTION} is not here")
    contents = json.loads(DESCRIPTION.read_text("utf-8"))
    resource = Resource(contents=contents, specification=DRAFT202012)
    return Registry().with_resource("urn:mastodon", resource)


def faults(entity: str, value: Any) -> list[str]:
    """Give what the description finds wrong with an answer, or with each item of one that is a list."""
    validator = Draft202012Validator(
        {"$ref": f"urn:mastodon#/components/schemas/{entity}"}, registry=registry()
    )
    items = value if isinstance(value, list) else [value]
    found = [f"{error.json_path}: {error.message}" for item in items for error in validator.iter_errors(item)]
    return [
        fault
        for fault in found
        if not any(entity == name and fault.startswith(text) for name, text in DEVIATIONS)
    ]
