"""The words by which somebody who was asked tells a community what to do with what they write.

    read("@planning@kent.example post: We use the county's form.")   post, with the rest
    read("@planning@kent.example nid fi @nia@powys.example")         not_me, naming whom to ask instead
    read("@planning@kent.example Poster sessions worked for us.")    None: an answer in their own words

A command stands first after the leading mentions: alone, before a colon or before a space (decision 15 of the
design), in English or Welsh, in any letter case. Everything else is a private answer.
"""

import re
from typing import Final, Literal

import msgspec

Verb = Literal["post", "not_me", "stop", "undo"]

WORDS: Final[dict[str, tuple[Verb, str]]] = {
    "post": ("post", "en"),
    "postio": ("post", "cy"),
    "not me": ("not_me", "en"),
    "nid fi": ("not_me", "cy"),
    "stop": ("stop", "en"),
    "stopio": ("stop", "cy"),
    "undo": ("undo", "en"),
    "dadwneud": ("undo", "cy"),
}

_NAME: Final = r"[@!][\w.-]+(?:@[\w.-]+(?::\d{1,5})?)?"
_LEADING: Final = re.compile(rf"\s*(?:{_NAME}(?=[\s,:]|$)[\s,:]*)*")
_WORD: Final = re.compile(
    "({})(?=[:\\s]|$)[:\\s]*".format("|".join(re.escape(word).replace(r"\ ", r"\s+") for word in WORDS)),
    re.IGNORECASE,
)
_NAMED: Final = re.compile(r"@(\w[\w.-]*)(?:@([\w.-]+(?::\d{1,5})?))?")


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants done; ``rest`` is what they wrote after the word.

    ``named`` is the first whom the rest of a ``not_me`` begins with: handle and domain, in small letters.
    """

    verb: Verb
    language: str
    rest: str
    named: tuple[str, str | None] | None = None


def read(text: str) -> Command | None:
    """Give the command that a text begins with; None for a text that is an answer."""
    beyond = _LEADING.match(text)
    start = beyond.end() if beyond else 0
    found = _WORD.match(text, start)
    if found is None:
        return None
    verb, language = WORDS[" ".join(found[1].lower().split())]
    rest = text[found.end() :].strip()
    return Command(verb=verb, language=language, rest=rest, named=_named(rest) if verb == "not_me" else None)


def _named(rest: str) -> tuple[str, str | None] | None:
    match = _NAMED.match(rest)
    if match is None:
        return None
    domain = match[2].lower().rstrip(".") if match[2] else None
    return match[1].lower().rstrip(".-"), domain or None
