"""The operators by which a file of reports compares what was seen with what is wanted."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from tests.reports.answers import MISSING, Missing, NotUnderstood

KINDS: Final[dict[str, Callable[[Any], bool]]] = {
    "array": lambda value: isinstance(value, list),
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}

# What opens and what ends in UAX 9: embeddings and overrides end with PDF, isolates with PDI.
OPENED_BY: Final = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)
ENDS: Final = frozenset("\u202c\u2069")


def holds(seen: Any, operator: str, wanted: Any, *, before: Any = MISSING) -> bool:
    """Tell whether a check holds; ``before`` is what was seen there before the first step."""
    if operator == "delta":
        return _is_number(seen) and seen - (before if _is_number(before) else 0) == wanted
    if operator not in OPERATORS:
        raise NotUnderstood(f"operator {operator!r}")
    return OPERATORS[operator](seen, wanted)


def _is_number(value: Any) -> bool:
    return KINDS["number"](value)


def _contains(seen: Any, wanted: Any) -> bool:
    if isinstance(seen, str):
        return str(wanted) in seen
    return isinstance(seen, list | dict) and wanted in seen


def _text(value: Any) -> str | None:
    if isinstance(value, Missing | list | dict):
        return None
    return {None: "null", True: "true", False: "false"}.get(value, str(value))


def _matches(seen: Any, pattern: str) -> bool:
    if isinstance(seen, list):
        return any(_matches(one, pattern) for one in seen)
    text = _text(seen)
    return text is not None and re.search(pattern, text) is not None


def _every(seen: Any, pattern: str, *, null: bool) -> bool:
    if isinstance(seen, Missing):
        return False
    values = seen if isinstance(seen, list) else [seen]
    return all((null and value is None) or _matches(value, pattern) for value in values)


def _kind(seen: Any, kind: str) -> bool:
    wanted = kind if isinstance(kind, list) else str(kind).split("|")
    unknown = [name for name in wanted if name not in KINDS]
    if unknown:
        raise NotUnderstood(f"kind {unknown[0]!r}")
    return any(KINDS[name](seen) for name in wanted)


def _length(seen: Any) -> int:
    return len(seen) if isinstance(seen, list | dict | str) else -1


def _within(seen: Any, wanted: Any) -> bool:
    return any(_within(one, wanted) for one in seen) if isinstance(seen, list) else seen in wanted


def is_balanced(text: str) -> bool:
    """Tell whether each direction control in a text is ended in it, and ends nothing that is not open."""
    opened: list[str] = []
    for character in text:
        if character in OPENED_BY:
            opened.append(OPENED_BY[character])
        elif character in ENDS:
            if not opened or opened.pop() != character:
                return False
        elif unicodedata.bidirectional(character) == "B" and opened:
            return False
    return not opened


def _balanced(seen: Any, wanted: Any) -> bool:
    texts = seen if isinstance(seen, list) else [seen]
    return all(isinstance(text, str) and is_balanced(text) for text in texts) == bool(wanted)


OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "eq": lambda seen, wanted: bool(seen == wanted) and isinstance(seen, bool) == isinstance(wanted, bool),
    "ne": lambda seen, wanted: bool(seen != wanted),
    "contains": _contains,
    "not_contains": lambda seen, wanted: not _contains(seen, wanted),
    "startswith": lambda seen, wanted: isinstance(seen, str) and seen.startswith(str(wanted)),
    "matches": _matches,
    "not_matches": lambda seen, wanted: not _matches(seen, wanted),
    "len": lambda seen, wanted: _length(seen) == wanted,
    "min_len": lambda seen, wanted: _length(seen) >= wanted,
    "is": _kind,
    "in": _within,
    "exists": lambda seen, wanted: (not isinstance(seen, Missing) and seen not in (None, [])) == bool(wanted),
    "absent": lambda seen, wanted: (isinstance(seen, Missing) or seen in (None, [])) == bool(wanted),
    "all_match": lambda seen, wanted: _every(seen, wanted, null=False),
    "matches_or_null": lambda seen, wanted: _every(seen, wanted, null=True),
    "bidi_balanced": _balanced,
}
