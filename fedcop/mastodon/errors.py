"""Refusals to ``{"error": "..."}``, the one shape of a fault that clients read."""

from typing import Any

from starlette.responses import Response

from fedcop.errors import Invalid, Refusal, TooMany
from fedcop.mastodon import answer

# The end of a fault in words, and the code by which clients know it (docs: accounts, "details").
_CODES = (
    ("can't be blank", "ERR_BLANK"),
    ("is too long", "ERR_TOO_LONG"),
    ("has already been taken", "ERR_TAKEN"),
    ("is reserved", "ERR_RESERVED"),
    ("must be accepted", "ERR_ACCEPTED"),
)

BUSY_FOR = 2
_FAILED = "Validation failed: "
# Between two faults of one field.
MORE = "; "


def refused(refusal: Refusal) -> Response:
    """Give a refusal as a client reads it, a refused field also by name and code."""
    body: dict[str, Any] = {"error": refusal.text}
    if isinstance(refusal, Invalid) and refusal.fields:
        body["error"] = _FAILED + refusal.text.removeprefix(_FAILED)
        body["details"] = {
            name: [{"error": _code(fault), "description": fault} for fault in faults.split(MORE)]
            for name, faults in refusal.fields.items()
        }
    headers = {"retry-after": str(refusal.retry_after)} if isinstance(refusal, TooMany) else None
    return answer.entity(body, status=refusal.status, headers=headers)


def busy() -> Response:
    """Give the answer for a moment at which the database takes nothing."""
    return answer.entity(
        {"error": "Too busy at the moment; try again shortly"},
        status=503,
        headers={"retry-after": str(BUSY_FOR)},
    )


def _code(fault: str) -> str:
    return next((code for words, code in _CODES if words in fault), "ERR_INVALID")
