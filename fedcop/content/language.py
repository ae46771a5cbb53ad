"""Language tags of peers, held to BCP 47 and written as it recommends (RFC 5646, 2.1 and 2.1.1)."""

import re

LONGEST = 16

_TAG = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
)
_NONE = frozenset({"und", "zxx", "mul", "mis"})  # undetermined, none at all, several, no code


def tag_of(text: str) -> str | None:
    """Give a language tag in its usual case; None for what is none, or names no language."""
    tag = text.strip().replace("_", "-")
    if len(tag) > LONGEST or not _TAG.fullmatch(tag):
        return None
    language, *parts = tag.split("-")
    if language.lower() in _NONE:
        return None
    return "-".join([language.lower(), *map(_part, parts)])


def _part(text: str) -> str:
    """Give a part in its case: Latn a script, GB a region, the rest in small letters."""
    if len(text) == 4 and text.isalpha():
        return text.title()
    return text.upper() if len(text) == 2 else text.lower()
