"""Write a person's archive: one ZIP with what this node holds of them, for programs and for reading offline.

    await archive_file.write(node, person, account, out)

Posts as activities and as pages, their files, and a file for everything else, each read page by page and
written in a thread. Of others there are ids and addresses, never a word of what they said.
"""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import msgspec

from activitypub.document import Json
from fedcop.as2 import archives
from fedcop.content import offline
from fedcop.node import Node
from storage import actors, audit, filters, holdings, keys, visible
from storage.accounts import Account
from storage.actors import Actor
from storage.audit import Entry
from storage.filters import Filter
from storage.holdings import Held
from storage.views import PostView

ON_A_PAGE: Final = 100
AT_ONCE: Final = 500
DECISIONS: Final = 1000

R = TypeVar("R", bound=Held)

_LISTS: Final[tuple[tuple[str, type[Held], str], ...]] = (
    ("memberships.json", holdings.Membership, holdings.MEMBERSHIPS),
    ("following.json", holdings.Tie, holdings.FOLLOWING),
    ("followers.json", holdings.Tie, holdings.FOLLOWERS),
    ("blocks.json", holdings.Named, holdings.BLOCKED),
    ("mutes.json", holdings.Muted, holdings.MUTED),
    ("muted_nodes.json", holdings.Host, holdings.MUTED_HOSTS),
    ("notes.json", holdings.Remark, holdings.REMARKS),
    ("endorsements.json", holdings.Named, holdings.ENDORSED),
    ("lists.json", holdings.Listed, holdings.ON_LISTS),
    ("pinned_posts.json", holdings.Marked, holdings.PINNED),
    ("followed_tags.json", holdings.Tag, holdings.FOLLOWED_TAGS),
    ("featured_tags.json", holdings.Tag, holdings.FEATURED_TAGS),
    ("votes.json", holdings.Vote, holdings.VOTES),
    ("know_how_used.json", holdings.Marked, holdings.USED),
    ("know_how_quoting_me.json", holdings.Quoted, holdings.QUOTED),
    ("know_how_drafts.json", holdings.Distilled, holdings.DISTILLED),
    ("asks.json", holdings.Asked, holdings.ASKED),
    ("invitations.json", holdings.Invited, holdings.INVITATIONS),
    ("sessions.json", holdings.Browser, holdings.SESSIONS),
    ("applications.json", holdings.Application, holdings.APPLICATIONS),
    ("scheduled_posts.json", holdings.Planned, holdings.PLANNED),
    ("files.json", holdings.Upload, holdings.UPLOADS),
)


async def write(node: Node, person: Actor, account: Account, out: BinaryIO) -> None:
    """Write all that this node holds of a person into ``out``."""
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        book = _Book(node, person, account, archive)
        await book.posts()
        await book.profile()
        for name, row, sql in _LISTS:
            await book.put(name, [_object(one) for one in await book.all(row, sql)])
        await book.marks()
        await book.tables()
        await book.decided()
        await book.files()


class _Book:
    """A person's archive while it is being written."""

    def __init__(self, node: Node, person: Actor, account: Account, archive: ZipFile) -> None:
        self._node, self._person, self._account, self._archive = node, person, account, archive
        self._now = node.clock.now()
        self._folder = Path(node.config.media.folder)

    async def _write(self, name: str, data: bytes) -> None:
        await asyncio.to_thread(self._archive.writestr, self._entry(name), data, ZIP_DEFLATED)

    def _entry(self, name: str) -> ZipInfo:
        return ZipInfo(name, date_time=self._now.timetuple()[:6])

    async def put(self, name: str, value: object) -> None:
        """Write a JSON file."""
        await self._write(name, msgspec.json.format(msgspec.json.encode(value), indent=1))

    async def _table(self, name: str, rows: Sequence[Sequence[object]]) -> None:
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        await self._write(name, text.getvalue().encode())

    async def all(self, row: type[R], sql: str) -> list[R]:
        """Give all that is held of a kind."""
        return [one async for one in self._pages(row, sql)]

    async def _pages(self, row: type[R], sql: str) -> AsyncIterator[R]:
        after = -1
        while found := await self._node.store.scan(holdings.page, row, sql, self._person.id, after, AT_ONCE):
            for one in found:
                yield one
            if found[-1].id <= after or len(found) < AT_ONCE:
                return
            after = found[-1].id

    async def profile(self) -> None:
        """Write who the person is: as others read it, and what only this node knows."""
        pictures = {
            kind: f"{name}{Path(picture).suffix}"
            for kind, name, picture in (
                ("icon", "avatar", self._person.icon),
                ("image", "header", self._person.image),
            )
            if picture
        }
        own_keys = await self._node.store.read(keys.public_of, self._person.id)
        document = archives.actor_of(self._person, own_keys, self._node.uris, pictures)
        await self.put("actor.json", document)
        for kind, name in pictures.items():
            await self._copy(self._folder / (getattr(self._person, kind) or ""), name)
        told = {name: getattr(self._account, name) for name in _TOLD}
        await self.put("account.json", told | {"findable": self._person.findable})

    async def posts(self) -> None:
        """Write what was posted and boosted, the newest first: ``outbox.json``, and pages to read."""
        ids = await self._entry_ids()
        chunks = [ids[place : place + ON_A_PAGE] for place in range(0, len(ids), ON_A_PAGE)] or [[]]
        with tempfile.TemporaryFile() as outbox:
            for number, chunk in enumerate(chunks, 1):
                shown, made = await self._node.store.scan(
                    holdings.posts, visible.SYSTEM, self._person.id, chunk
                )
                activities = [
                    archives.activity_of(view, made.get(view.post.id), self._node.uris, self._now)
                    for view in shown
                ]
                outbox.write(b"".join(msgspec.json.encode(one) + b"\n" for one in activities))
                html = await asyncio.to_thread(self._page, shown, number, len(chunks))
                await self._write(offline.name_of(number), html.encode())
            outbox.seek(0)
            await asyncio.to_thread(self._outbox, outbox)

    async def _entry_ids(self) -> list[int]:
        ids: list[int] = []
        below = audit.NEWEST
        while found := await self._node.store.scan(holdings.entry_ids, self._person.id, below, AT_ONCE):
            ids += found
            below = found[-1]
        return ids

    def _outbox(self, lines: Any) -> None:
        """Write the activities, a line each, as one collection."""
        head = msgspec.json.encode(archives.head_of("outbox.json"))
        total = 0
        with self._archive.open(self._entry("outbox.json"), "w", force_zip64=True) as out:
            out.write(head[:-1] + b',"orderedItems":[')
            for line in lines:
                out.write((b",\n" if total else b"\n") + line.rstrip(b"\n"))
                total += 1
            out.write(b'],"totalItems":%d}' % total)

    def _page(self, shown: Sequence[PostView], number: int, last: int) -> str:
        person = self._person
        return offline.page_of(
            offline.Person(
                name=person.display_name or person.handle,
                address=f"@{person.handle}@{person.domain}",
                summary=person.summary,
                fields=tuple(offline.Field(one.name, one.value) for one in actors.fields_of(person)),
                icon=f"avatar{Path(person.icon).suffix}" if person.icon else None,
            ),
            [_shown(view) for view in shown],
            number=number,
            last=last,
            made=self._now.date().isoformat(),
            language=self._account.locale,
        )

    async def marks(self) -> None:
        """Write the ids of what was liked and bookmarked."""
        for name, sql in (("likes.json", holdings.LIKED), ("bookmarks.json", holdings.BOOKMARKED)):
            uris = [one.uri for one in await self.all(holdings.Marked, sql)]
            document: Json = archives.head_of(name) | {"orderedItems": uris, "totalItems": len(uris)}
            await self.put(name, document)

    async def tables(self) -> None:
        """Write the tables that Mastodon and others import."""
        following = await self.all(holdings.Tie, holdings.FOLLOWING)
        following += [
            holdings.Tie(0, one.address, one.uri, True, False, one.state, one.since)  # noqa: FBT003 - of a row
            for one in await self.all(holdings.Membership, holdings.MEMBERSHIPS)
        ]
        head = ("Account address", "Show boosts", "Notify on new posts", "Languages")
        rows = [(one.address, _word(one.boosts), _word(one.notify), "") for one in following]
        await self._table("following_accounts.csv", [head, *rows])
        muted = await self.all(holdings.Muted, holdings.MUTED)
        hidden = [(one.address, _word(one.notifications)) for one in muted]
        await self._table("muted_accounts.csv", [("Account address", "Hide notifications"), *hidden])
        blocked = await self.all(holdings.Named, holdings.BLOCKED)
        await self._table("blocked_accounts.csv", [(one.address,) for one in blocked])
        listed = await self.all(holdings.Listed, holdings.ON_LISTS)
        await self._table("lists.csv", [(one.title, one.address) for one in listed])
        marked = await self.all(holdings.Marked, holdings.BOOKMARKED)
        await self._table("bookmarks.csv", [(one.uri,) for one in marked])

    async def decided(self) -> None:
        """Write what the person reported, filters, and what was decided about the person."""
        read, me = self._node.store.read, self._person.id
        reports = await self.all(holdings.Reported, holdings.REPORTS)
        named = {row_id for one in reports for row_id in msgspec.json.decode(one.posts, type=list[int])}
        held = await read(filters.all_of, me)
        named |= {one.post_id for each in held for one in each.posts}
        uris = await self._node.store.scan(holdings.post_uris, sorted(named))
        await self.put("reports.json", [_report(one, uris) for one in reports])
        await self.put("filters.json", [_filter(one, uris) for one in held])
        entries = await read(audit.about, self._person.uri, limit=DECISIONS)
        await self.put("decisions.json", [_decision(one) for one in entries])

    async def files(self) -> None:
        """Copy the files that the person uploaded."""
        async for upload in self._pages(holdings.Upload, holdings.UPLOADS):
            await self._copy(self._folder / upload.name, archives.FILES + upload.name)

    async def _copy(self, path: Path, name: str) -> None:
        await asyncio.to_thread(self._copy_now, path, name)

    def _copy_now(self, path: Path, name: str) -> None:
        if not path.is_file():  # deleted meanwhile
            return
        entry = self._entry(name)
        entry.compress_type = ZIP_STORED  # pictures and films are packed already
        with path.open("rb") as file, self._archive.open(entry, "w", force_zip64=True) as out:
            while data := file.read(1 << 20):
                out.write(data)


_TOLD = (
    "email",
    "admin",
    "state",
    "locale",
    "audience",
    "sensitive",
    "language",
    "created_at",
    "last_seen_at",
)


def _word(said: bool) -> str:  # noqa: FBT001 - a cell
    return "true" if said else "false"


def _object(row: Held) -> dict[str, object]:
    """Give a row as an object; its number says nothing outside of this node."""
    return {name: getattr(row, name) for name in row.__struct_fields__ if name != "id"}


def _report(row: holdings.Reported, uris: dict[int, str]) -> dict[str, object]:
    named = msgspec.json.decode(row.posts, type=list[int])
    return _object(row) | {"posts": [uris[row_id] for row_id in named if row_id in uris]}


def _filter(held: Filter, uris: dict[int, str]) -> dict[str, object]:
    return {
        "title": held.title,
        "contexts": held.contexts,
        "action": held.action,
        "expires_at": held.expires_at,
        "keywords": [{"keyword": one.keyword, "whole_word": one.whole_word} for one in held.keywords],
        "posts": [uris[one.post_id] for one in held.posts if one.post_id in uris],
    }


def _decision(entry: Entry) -> dict[str, object]:
    """Give what was decided and why, without who did."""
    return {"at": entry.at, "what": entry.verb, "changed": entry.changed, "reason": entry.reason}


def _shown(view: PostView) -> offline.Post:
    post, wrapper = view.post, view.wrapper
    at: datetime = wrapper.at if wrapper else post.published_at
    moment, day = at.isoformat(), at.date().isoformat()
    if wrapper is not None:
        uri = wrapper.uri or post.uri
        return offline.Post(uri=uri, at=moment, day=day, audience=wrapper.audience, boosted=post.uri)
    return offline.Post(
        uri=post.uri,
        at=moment,
        day=day,
        audience=post.audience,
        title=post.title,
        content=post.content,
        warning=post.summary,
        community=f"@{view.community.handle}@{view.community.domain}" if view.community else "",
        answers=post.in_reply_to,
        files=tuple(
            offline.File(path=archives.FILES + file.name, type=file.type, description=file.description)
            for file in view.media
            if file.name
        ),
    )
