"""The pages of a person's archive: they open in a browser without this node and without any network.

html = offline.page_of(person, posts, number=1, last=3, made="2026-03-02", language="en")
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from jinja2 import Template

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "What {name} posted",
        "posts": "What {name} posted, page {page}",
        "made": "written out on {date}",
        "others": "Beside these pages lie the same posts, and all else that this node holds of you, as files "
        "that other programs read: actor.json, outbox.json, likes.json, bookmarks.json and the rest.",
        "newer": "Newer",
        "older": "Older",
        "answers": "answers",
        "boosted": "Boosted:",
    },
    "cy": {
        "title": "Yr hyn a bostiodd {name}",
        "posts": "Yr hyn a bostiodd {name}, tudalen {page}",
        "made": "ysgrifennwyd ar {date}",
        "others": "Gyda'r tudalennau hyn mae'r un postiadau, a phopeth arall sydd gan y nod hwn amdanoch, yn "
        "ffeiliau y gall rhaglenni eraill eu darllen: actor.json, outbox.json, likes.json, bookmarks.json "
        "a'r gweddill.",
        "newer": "Mwy newydd",
        "older": "Hŷn",
        "answers": "yn ateb",
        "boosted": "Hybwyd:",
    },
}


class Field(msgspec.Struct, frozen=True):
    """A line of a profile; the value is clean HTML."""

    name: str
    value: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Whose archive it is; ``summary`` is clean HTML, ``icon`` a path in the archive."""

    name: str
    address: str
    summary: str
    fields: tuple[Field, ...]
    icon: str | None


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a post, by its path in the archive."""

    path: str
    type: str
    description: str


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A post as a page shows it; ``content`` is clean HTML, ``boosted`` the id of what was boosted."""

    uri: str
    at: str
    day: str
    audience: str
    title: str = ""
    content: str = ""
    warning: str = ""
    community: str = ""
    answers: str | None = None
    boosted: str | None = None
    files: tuple[File, ...] = ()


def name_of(number: int) -> str:
    """Give the name of a page."""
    return "index.html" if number == 1 else f"posts-{number}.html"


def page_of(
    person: Person, posts: Sequence[Post], *, number: int, last: int, made: str, language: str
) -> str:
    """Give one page, the first with who it is."""
    spoken = language if language in WORDS else "en"
    return _template().render(
        person=person,
        posts=posts,
        first=number == 1,
        page=number,
        before=name_of(number - 1) if number > 1 else None,
        after=name_of(number + 1) if number < last else None,
        made=made,
        language=spoken,
        words=WORDS[spoken],
    )


@lru_cache(maxsize=1)
def _template() -> "Template":
    # Nobody else but the pages needs it, and a command should start quickly.
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - heavy, for archives only

    environment = Environment(
        loader=PackageLoader("fedcop.content", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("archive.html")
