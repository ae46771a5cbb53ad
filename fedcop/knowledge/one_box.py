"""The one box: what somebody typed to the best people, communities and posts, each with its reasons.

    results = await node.store.scan(one_box.look, viewer, "gully emptying", now, home=node.uris.domain)

It reads and ranks, and decides nothing: a page, the client API and ``@ask`` show the same.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec

from fedcop.knowledge import rank
from fedcop.knowledge.rank import Asker, Hit, Reason
from storage import actors, councils, search, search_words, views
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import EntryId, PostId
from storage.search_words import Wanted
from storage.views import PostView
from storage.visible import Viewer

Kind = Literal["people", "communities", "posts"]
KINDS: Final[tuple[Kind, ...]] = ("people", "communities", "posts")
ADDRESSED: Final = 100.0  # more than any score
MOST_AUTHORS: Final = 100  # of what was found, who may be the person to ask

_HANDLE = re.compile(r"[@!]?(\w{1,100})(?:@([\w.-]{1,253}(?::\d{1,5})?))?")


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Which of each kind are shown: so many after those that are passed over, or of people up to these.

    Posts only by the person ``by``, if one is given; with ``following`` only people and communities that the
    viewer follows; ``without`` some people, and what they wrote.
    """

    limit: int
    skipped: int = 0
    kinds: Sequence[Kind] = KINDS
    by: int = 0
    following: bool = False
    without: tuple[int, ...] = ()


class FoundActor(msgspec.Struct, frozen=True):
    """A person or community that is shown, and why."""

    row: Actor
    score: float
    reasons: tuple[Reason, ...]


class FoundPost(msgspec.Struct, frozen=True):
    """A post that is shown, and why."""

    view: PostView
    reasons: tuple[Reason, ...]


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown, and how many there are of each kind; ``words`` are what the reasons speak of.

    ``any_of``: nothing has all of the words, so these have some.
    """

    people: list[FoundActor]
    communities: list[FoundActor]
    posts: list[FoundPost]
    counts: dict[Kind, int]
    words: tuple[str, ...]
    any_of: bool = False


async def look(
    read: Reader, viewer: Viewer, text: str, now: datetime, page: Page, *, home: str, need: bool = False
) -> Results:
    """Look for what somebody typed; with ``need`` it is a sentence, of whose words any may be enough."""
    wanted = search_words.need_of(text) if need else search_words.read(text)
    wanted = msgspec.structs.replace(wanted, by=page.by)
    results = await _look(read, viewer, wanted, now, page, home=home, any_of=need)
    if need or len(wanted.terms) < 2 or any(results.counts.values()):
        return await _with_handle(read, viewer, text, results, page, home)
    return await _look(read, viewer, wanted, now, page, home=home, any_of=True)


async def _look(
    read: Reader, viewer: Viewer, wanted: Wanted, now: datetime, page: Page, *, home: str, any_of: bool
) -> Results:
    found = await search.look(
        read, viewer, wanted, now, home=home, any_of=any_of, kinds=_needed(page), without=page.without
    )
    communities = frozenset(await read.values(search.MINE, me=viewer.actor))
    seed = f"{now.date().isoformat()}:{viewer.actor}"
    most = page.skipped + page.limit
    said = rank.read(found.posts, now)
    written, places = rank.evidence(said)
    met = {one.facts.id for one in found.people}
    others = sorted(written.weight.keys() - met - {viewer.actor}, key=lambda one: (-written.weight[one], one))
    also = await search.authors(read, viewer, others[:MOST_AUTHORS]) if not wanted.narrowed else []
    met_people = _followed(page, [*found.people, *also])
    met_communities = _followed(page, found.communities)
    alike = await _alike(read, home, [*met_people, *met_communities])
    asker = Asker(host=home, communities=communities, alike=alike)
    people = rank.people(met_people, written, asker, seed=seed, most=most)
    groups = rank.people(met_communities, places, asker, seed=seed, most=most)
    posts = rank.posts(said, asker, seed=seed, most=most)
    return Results(
        people=await _actors(read, viewer, _on(page, "people", people)),
        communities=await _actors(read, viewer, _on(page, "communities", groups)),
        posts=await _posts(read, viewer, _on(page, "posts", posts)),
        counts={"people": len(met_people), "communities": len(met_communities), "posts": len(said)},
        words=tuple(" ".join(term.words) for term in wanted.terms),
        any_of=any_of,
    )


async def _alike(read: Reader, home: str, found: Sequence[search.Actor]) -> dict[str, float]:
    """Give how much the councils of some hosts have in common with that of this node, by host."""
    bound = await councils.of_hosts(read, sorted({home, *(one.facts.host for one in found)}))
    labels = {
        host: frozenset().union(*map(councils.labels_of, listed))
        for host, listed in bound.items()
        if host != home
    }
    mine = frozenset[str]().union(*map(councils.labels_of, bound.get(home, ())))
    return {
        host: len(mine & theirs) / len(mine | theirs) for host, theirs in labels.items() if mine and theirs
    }


def _needed(page: Page) -> Sequence[Kind]:
    """Give what has to be looked for: what people wrote, and where, speaks for them too."""
    return KINDS if page.kinds != ("posts",) else page.kinds


def _followed(page: Page, found: list[search.Actor]) -> list[search.Actor]:
    return [one for one in found if one.facts.followed] if page.following else found


def _on(page: Page, kind: Kind, hits: Sequence[Hit]) -> Sequence[Hit]:
    # People and communities may be shown in one list, in which each has another place.
    first = page.skipped if kind == "posts" else 0
    return hits[first : page.skipped + page.limit] if kind in page.kinds else ()


async def _actors(read: Reader, viewer: Viewer, hits: Sequence[Hit]) -> list[FoundActor]:
    rows = await actors.by_ids(read, viewer, [hit.id for hit in hits]) if hits else []
    found = {hit.id: hit for hit in hits}
    return [FoundActor(row, found[row.id].score, found[row.id].reasons) for row in rows]


async def _posts(read: Reader, viewer: Viewer, hits: Sequence[Hit]) -> list[FoundPost]:
    if not hits:
        return []
    shown = await search.opened(read, viewer, [PostId(hit.id) for hit in hits])
    found = await views.views(read, viewer, [EntryId(one) for one in shown])
    reasons = {hit.id: hit.reasons for hit in hits}
    return [FoundPost(view, reasons[view.post.id]) for view in found]


async def _with_handle(
    read: Reader, viewer: Viewer, text: str, results: Results, page: Page, home: str
) -> Results:
    """Put whoever bears just this handle first: who is addressed need not be found."""
    handle = _HANDLE.fullmatch(text.strip())
    if handle is None or page.skipped or (not text.strip().startswith(("@", "!")) and handle[2] is None):
        return results
    one = await actors.find_by_handle(read, viewer, handle[1], handle[2] or home)
    if one is None or one.state != "active":
        return results
    kind: Kind = "communities" if one.type == "Group" else "people"
    if kind not in page.kinds:
        return results
    listed: list[FoundActor] = getattr(results, kind)
    others = [found for found in listed if found.row.id != one.id]
    best = FoundActor(one, ADDRESSED, (Reason("name"),))
    return msgspec.structs.replace(results, **{kind: [best, *others][: page.limit]})
