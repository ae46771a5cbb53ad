"""What ``@ask`` writes back: the best of each kind with their reasons, and how many more there are: pure.

    recommendation.text_of(results, "cy", page="https://kent.example/search?q=...", base="https://kent.example")

Names are others' words: each stands inside a link, where nothing is a mention (``content.markup``), and what
would be a sign of Markdown in it is written out.
"""

import re
from collections.abc import Iterable
from html import unescape
from typing import Final
from urllib.parse import quote

from fedcop.knowledge import reasons
from fedcop.knowledge.one_box import FoundActor, FoundPost, Kind, Results

LONGEST_NAME: Final = 120

SAID: Final[dict[str, dict[str, str]]] = {
    "en": {
        "people": "People who may know:",
        "communities": "Communities:",
        "posts": "What was written about it:",
        "more": "There are more: people {people}, communities {communities}, posts {posts}.",
        "page": "See them all: {page}",
        "nothing": "I found nothing about this that you may see. Try other words, or ask in a community: "
        "{page}",
        "empty": "Write to me in a few words what you look for, and I say who may know.",
        "post": "A post",
    },
    "cy": {
        "people": "Pobl a allai wybod:",
        "communities": "Cymunedau:",
        "posts": "Beth a ysgrifennwyd am hyn:",
        "more": "Mae rhagor: pobl {people}, cymunedau {communities}, negeseuon {posts}.",
        "page": "Gweld y cyfan: {page}",
        "nothing": "Ni chefais ddim am hyn y cewch ei weld. Rhowch gynnig ar eiriau eraill, neu gofynnwch "
        "mewn cymuned: {page}",
        "empty": "Ysgrifennwch ataf mewn ychydig eiriau beth rydych yn chwilio amdano, a dywedaf pwy allai "
        "wybod.",
        "post": "Neges",
    },
}

_TAG = re.compile(r"<[^>]*>")
_SIGNS = re.compile(r"([\\`*_\[\]<>])")


def text_of(results: Results, language: str, *, page: str, base: str) -> str:
    """Give the answer as people type posts; ``page`` shows all of it, ``base`` is the node's address."""
    said = SAID[language]
    if not results.words:
        return said["empty"]
    if not any(results.counts.values()):
        return said["nothing"].format(page=page)
    parts = [
        _listed(said["people"], (_actor_line(one, results, language, base) for one in results.people)),
        _listed(
            said["communities"], (_actor_line(one, results, language, base) for one in results.communities)
        ),
        _listed(said["posts"], (_post_line(one, results, language, base) for one in results.posts)),
    ]
    shown: dict[Kind, int] = {
        "people": len(results.people),
        "communities": len(results.communities),
        "posts": len(results.posts),
    }
    rest = {kind: results.counts[kind] - shown[kind] for kind in shown}
    if any(rest.values()):
        parts.append(said["more"].format(**rest))
    return "\n\n".join([*filter(None, parts), said["page"].format(page=page)])


def _listed(title: str, lines: Iterable[str]) -> str:
    listed = "\n".join(f"- {line}" for line in lines)
    return f"{title}\n\n{listed}" if listed else ""


def _actor_line(found: FoundActor, results: Results, language: str, base: str) -> str:
    row = found.row
    folder = "communities" if row.type == "Group" else "people"
    handle = row.handle if row.uri.startswith(f"{base}/") else f"{row.handle}@{row.domain}"
    name = row.display_name or row.handle
    return _line(
        name,
        f"{base}/{folder}/{quote(handle, safe='@:')}",
        reasons.said(found.reasons, results.words, language),
    )


def _post_line(found: FoundPost, results: Results, language: str, base: str) -> str:
    post = found.view.post
    name = post.title or unescape(_TAG.sub(" ", post.content)) or SAID[language]["post"]
    return _line(name, f"{base}/posts/{post.id}", reasons.said(found.reasons, results.words, language))


def _line(name: str, address: str, listed: list[str]) -> str:
    plain = _SIGNS.sub(r"\\\1", " ".join(name.split())[:LONGEST_NAME])
    return f"[{plain}]({address})" + (f": {'; '.join(listed)}" if listed else "")
