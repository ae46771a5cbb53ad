"""Holds: nothing of a person, a community or a thread is deleted until an admin lifts the hold.

    held = await hold.place(node, "https://devon.example/people/bea", reason="complaint 2026/17", by="ada")
    await hold.lift(node, held.kind, held.target_id, reason="closed", by="ada")

A hold beats every rule, every purge and every erasure. What is deleted all the same by its author, by a
facilitator or from elsewhere vanishes for everybody and is kept sealed (``storage.sealed``).
"""

from collections.abc import Awaitable, Callable
from typing import BinaryIO, Final
from urllib.parse import urlsplit

from fedcop.actions import record
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.uris import row_id_in
from storage import actors, audit, holds, posts, sealed
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Reader, Transaction
from storage.holds import Hold, Kind
from storage.ids import PostId
from storage.posts import Post
from storage.visible import SYSTEM

LONGEST_REASON: Final = 500
AT_ONCE: Final = 100

Found = tuple[Kind, int, str, str]
Pages = Callable[..., Awaitable[list[tuple[int, str]]]]


async def place(node: Node, about: str, *, reason: str, by: str) -> Hold:
    """Put on hold what an address or a handle names; raise ``Invalid`` for what is none, or is on hold."""
    said = _said(reason)
    kind, target_id, uri, name = await _found(node, about)
    now = node.clock.now()
    held = Hold(kind=kind, target_id=target_id, uri=uri, name=name, reason=said, by_name=by, at=now)
    await node.store.write(_place, held, record.note(node, by, f"hold {kind}", uri, reason=said))
    return held


async def _place(tx: Transaction, held: Hold, noted: Note) -> None:
    if not await holds.place(tx, held):
        raise Invalid(about=f"{held.name} is on hold already")
    await audit.record(tx, noted)


async def named(node: Node, about: str) -> Hold:
    """Give the hold on what an address or a handle names; raise ``NotFound`` if there is none."""
    kind, target_id, _, _ = await _found(node, about)
    return _there(await node.store.read(holds.find, kind, target_id))


async def lift(node: Node, kind: str, target_id: int, *, reason: str, by: str) -> Hold:
    """End a hold; rules and erasures that waited go on within the hour."""
    said = _said(reason)
    held = _there(await node.store.read(holds.find, kind, target_id))
    await node.store.write(_lift, held, record.note(node, by, f"lift {kind}", held.uri, reason=said))
    return held


async def _lift(tx: Transaction, held: Hold, noted: Note) -> None:
    _there(await holds.lift(tx, held.kind, held.target_id))
    await audit.record(tx, noted)


async def export(node: Node, held: Hold, out: BinaryIO, *, by: str) -> int:
    """Write all that a hold keeps, one JSON object a line, and give how many lines; the record says so.

    ``state`` is ``standing``, or ``deleted`` for what was sealed.
    """
    await node.store.write(audit.record, record.note(node, by, "hold export", held.uri))
    lines = 0
    sources: tuple[tuple[str, Pages], ...] = (("standing", sealed.standing), ("deleted", sealed.deleted))
    for state, pages in sources:
        after = 0
        while rows := await node.store.scan(pages, held.kind, held.target_id, after=after, limit=AT_ONCE):
            for row_id, text in rows:
                out.write(f'{{"state":"{state}",{text[1:]}\n'.encode())
                after = row_id
            lines += len(rows)
    return lines


def _said(reason: str) -> str:
    said = " ".join(reason.split())
    if not 1 <= len(said) <= LONGEST_REASON:
        raise Invalid(reason=f"say why, in at most {LONGEST_REASON} characters")
    return said


def _there(held: Hold | None) -> Hold:
    if held is None:
        raise NotFound("this is not on hold; `fedcop hold list` names what is")
    return held


async def _found(node: Node, about: str) -> Found:
    found = await node.store.read(_find, node, about.strip())
    if found is None:
        raise Invalid(about=f"found {about!r}, wanted a handle, or the address of somebody or something here")
    return found


async def _find(read: Reader, node: Node, about: str) -> Found | None:
    """Look for an id, for the address of a page of ours, which is also there for others', or for a handle."""
    if not about.startswith(("https://", "http://")):
        return await _named(read, node, about)
    post = await posts.find_by_uri(read, SYSTEM, about)
    if post is None and (actor := await actors.find_by_uri(read, SYSTEM, about)) is not None:
        return _of_actor(actor)
    if post is not None:
        return await _thread(read, post)
    return await _page(read, node, about) if node.uris.is_ours(about) else None


async def _page(read: Reader, node: Node, address: str) -> Found | None:
    kind, _, name = urlsplit(address).path.strip("/").partition("/")
    if kind in ("people", "communities"):
        return await _named(read, node, name)
    post_id = row_id_in(name) if kind in ("posts", "know-how") else None
    post = await posts.find(read, SYSTEM, PostId(post_id)) if post_id is not None else None
    return await _thread(read, post) if post is not None else None


async def _named(read: Reader, node: Node, name: str) -> Found | None:
    handle, _, domain = name.lstrip("@").lower().partition("@")
    return _of_actor(await actors.find_by_handle(read, SYSTEM, handle, domain or node.uris.domain))


async def _thread(read: Reader, post: Post) -> Found:
    root = await posts.find(read, SYSTEM, post.root_id) or post
    return "thread", root.id, root.uri, root.title or root.uri


def _of_actor(actor: Actor | None) -> Found | None:
    if actor is None or actor.type not in ("Person", "Group", "Service", "Organization"):
        return None
    name = f"@{actor.handle}@{actor.domain}"
    return "community" if actor.type == "Group" else "person", actor.id, actor.uri, name
