"""A draft of know-how from posts of a thread: what was asked, what was tried, what people answered.

    parts = parts_of(picked, asker)                      [Part(role="question", ...), ...]
    html_of("<p>Empty them twice.</p>", parts, "en")     the note, each part with who said it
    people_of(parts)                                     their ids, in the order in which they are met

Pure: what is given is clean already. Words are quoted as they were written; only the lead is a facilitator's.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final, Literal

import msgspec

Role = Literal["question", "tried", "answer"]

ROLES: Final[tuple[Role, ...]] = ("question", "tried", "answer")
LONGEST_TITLE: Final = 200

_HEADINGS: Final[Mapping[str, Mapping[Role, str]]] = {
    "en": {"question": "The question", "tried": "What was tried", "answer": "What people answered"},
    "cy": {"question": "Y cwestiwn", "tried": "Beth a roddwyd ar brawf", "answer": "Beth oedd yr atebion"},
}


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A post that was picked: ``content`` is clean HTML, ``host`` the council of its author."""

    uri: str
    url: str
    author: str
    name: str
    host: str
    content: str
    title: str = ""
    begins: bool = False
    accepted: bool = False


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A post in its place in the note."""

    role: Role
    said: Said


def parts_of(picked: Sequence[Said], asker: str) -> tuple[Part, ...]:
    """Give each post its place: what begins the thread, what its ``asker`` added, what others answered.

    Accepted answers come first; else each stays in the order in which it was written.
    """
    parts = [Part(role=_role(said, asker), said=said) for said in picked]
    return tuple(sorted(parts, key=lambda part: (ROLES.index(part.role), not part.said.accepted)))


def _role(said: Said, asker: str) -> Role:
    if said.begins:
        return "question"
    return "tried" if said.author == asker else "answer"


def people_of(parts: Iterable[Part]) -> tuple[str, ...]:
    """Give the ids of those who said it, each once, in the order in which they are met."""
    return tuple(dict.fromkeys(part.said.author for part in parts))


def html_of(lead: str, parts: Sequence[Part], language: str | None) -> str:
    """Give the text of a note: the lead, then each part under its heading, with who said it and where."""
    headings = _HEADINGS.get(language or "en", _HEADINGS["en"])
    text = [lead]
    for role in ROLES:
        said = [part.said for part in parts if part.role == role]
        if said:
            text.append(f"<h3>{headings[role]}</h3>")
            text += [_quoted(one) for one in said]
    return "".join(text)


def words_of(said: Said) -> str:
    """Give what somebody said as it stands in a note: the title of a thread above its text."""
    title = f"<p><strong>{escape(said.title, quote=False)}</strong></p>" if said.title else ""
    return title + said.content


def _quoted(said: Said) -> str:
    name = f"{escape(said.name, quote=False)}, {escape(said.host, quote=False)}"
    link = f'<a href="{escape(said.url)}">{name}</a>'
    return f"<blockquote>{words_of(said)}</blockquote><p>— {link}</p>"
