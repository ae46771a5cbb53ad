"""/api/v1/statuses: reading, writing and deleting. A wrapper's id means the post inside it."""

import base64
from typing import Annotated

import msgspec
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import boost, own_post, post, respond, schedule, upload
from fedcop.actions.draft import Draft, PollDraft
from fedcop.actions.named import mentions_of
from fedcop.actions.opened import opened
from fedcop.content import markup
from fedcop.errors import NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller, Person
from fedcop.mastodon.entities import account as account_entities
from fedcop.mastodon.entities import filtering
from fedcop.mastodon.entities import status as entities
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.forms import ABSENT
from fedcop.mastodon.methods import scheduled
from fedcop.mastodon.methods.accounts import find_actor, sign_in_of
from fedcop.mastodon.methods.media import focus_of
from fedcop.node import Node
from fedcop.policy.quoting import Policy
from storage import entries, posts, threads, views
from storage.actors import Actor
from storage.engine import Reader
from storage.entries import Entry
from storage.ids import EntryId, MediaId, PostId
from storage.posts import Revision
from storage.views import PostView

MOST_MEDIA = 4
MOST_IDS = 20
# A word of the client API, and the audience it means; a members-only community narrows by itself.
AUDIENCE = {"public": "public", "unlisted": "unlisted", "private": "followers", "direct": "direct"}

Language = Annotated[str, msgspec.Meta(max_length=16)]


class Ids(msgspec.Struct, frozen=True, kw_only=True):
    """A list of status ids."""

    id: Annotated[tuple[int, ...], msgspec.Meta(max_length=MOST_IDS)] = ()


class PollForm(msgspec.Struct, frozen=True, kw_only=True):
    """A poll as it is asked."""

    options: tuple[str, ...] = ()
    expires_in: int = 0
    multiple: bool = False
    hide_totals: bool = False


class MediaChange(msgspec.Struct, frozen=True, kw_only=True):
    """What an edit says of one file; its ``thumbnail`` is a ``data:`` address, as JSON holds no files."""

    id: int
    description: str | None = None
    focus: str | None = None
    thumbnail: str | None = None


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """A status as it is to read."""

    status: str = ""
    spoiler_text: str = ""
    sensitive: bool = False
    language: Language | None = None
    media_ids: Annotated[tuple[int, ...], msgspec.Meta(max_length=MOST_MEDIA)] | None = None
    media_attributes: tuple[MediaChange, ...] = ()
    poll: PollForm | None = None
    quote_approval_policy: Policy | None = None


class Deletion(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the files of a status are to go with it, or to be put into another."""

    delete_media: bool = False


class New(Edit, frozen=True, kw_only=True):
    """A status to be written."""

    sensitive: bool | None = None  # type: ignore[assignment]
    visibility: str | None = None
    in_reply_to_id: int | None = None
    quoted_status_id: int | None = None
    scheduled_at: str | None = None
    allowed_mentions: tuple[int, ...] | None = None


async def find_entry(read: Reader, caller: Caller, status_id: int) -> Entry:
    """Give what a status id means, a post or a wrapper; raise ``NotFound`` if the caller may not see it."""
    entry = await entries.find_by_id(read, caller.viewer, EntryId(status_id))
    if entry is None:
        raise NotFound(ABSENT)
    return entry


async def find_view(read: Reader, caller: Caller, status_id: int) -> PostView:
    """Give a status that the caller may see; raise ``NotFound`` for any other."""
    found = await views.views(read, caller.viewer, [EntryId(status_id)])
    if not found:
        raise NotFound(ABSENT)
    return found[0]


async def show(request: Request) -> Response:
    """GET /api/v1/statuses/:id."""
    return await shown(request, forms.number(request), "read:statuses")


async def shown(request: Request, status_id: int, scope: str) -> Response:
    """Answer with one status, to who holds the scope of what was asked: a bot may write without reading."""
    caller, view = await auth.read_open(request, scope, find_view, status_id)
    return answer.entity(entities.status(view, place(request, caller)))


async def index(request: Request) -> Response:
    """GET /api/v1/statuses?id[]=."""
    form = await forms.read(request, Ids)
    caller, found = await auth.read_open(request, "read:statuses", _by_ids, form.id)
    return answer.entity(entities.statuses(found, place(request, caller)))


async def _by_ids(read: Reader, caller: Caller, ids: tuple[int, ...]) -> list[PostView]:
    return await views.views(read, caller.viewer, ids)


async def context(request: Request) -> Response:
    """GET /api/v1/statuses/:id/context: the whole thread as far as it is held."""
    caller, (post_id, before, after) = await auth.read_open(
        request, "read:statuses", _context, forms.number(request)
    )
    at = place(request, caller)
    after = filtering.shown(after, at, "thread")
    response = answer.entity(entities.Context(entities.statuses(before, at), entities.statuses(after, at)))
    if caller.bearer is not None:
        # Whoever opens a thread gets what is held; what is missing of it is asked for once they have that.
        response.background = BackgroundTask(opened, request.app.state.node, post_id)
    return response


async def _context(
    read: Reader, caller: Caller, status_id: int
) -> tuple[PostId, list[PostView], list[PostView]]:
    entry = await find_entry(read, caller, status_id)
    before = await threads.ancestors(read, caller.viewer, entry.post_id)
    after = await threads.descendants(read, caller.viewer, entry.post_id)
    found = await views.views(read, caller.viewer, [*before, *after])
    earlier = set(before)
    return (
        entry.post_id,
        [view for view in found if view.post.id in earlier],
        [view for view in found if view.post.id not in earlier],
    )


async def create(request: Request) -> Response:
    """POST /api/v1/statuses; an ``Idempotency-Key`` that was used before gives the status that it gave.

    With a ``scheduled_at`` to come the status waits; one that is past is published at once, as Mastodon does.
    """
    node: Node = request.app.state.node
    person = await auth.person(request, "write:statuses")
    form = await forms.read(request, New)
    draft = await node.store.read(_draft, person, form, request.headers.get("idempotency-key"))
    if unexpected := await _unexpected(node, form):
        said = {
            "error": "Post would be sent to unexpected accounts",
            "unexpected_accounts": account_entities.accounts(
                unexpected, place(request, Caller(viewer=person.viewer))
            ),
        }
        return answer.entity(said, status=422)
    due_at = scheduled.moment(form.scheduled_at) if form.scheduled_at else None
    if due_at is not None and due_at > node.clock.now():
        scheduled_id = await schedule.schedule(node, person.actor, draft, due_at)
        return await scheduled.shown(request, scheduled_id, "write:statuses")
    return await shown(request, await respond.publish(node, person.actor, draft), "write:statuses")


async def _unexpected(node: Node, form: New) -> list[Actor]:
    """Give whom a status names besides those that its client knows of, if it said whom it knows of."""
    if form.allowed_mentions is None:
        return []
    named = await mentions_of(node, markup.found(form.status))
    return [actor for actor in dict.fromkeys(named.values()) if actor.id not in form.allowed_mentions]


async def _draft(read: Reader, person: Person, form: New, key: str | None) -> Draft:
    sign_in = await sign_in_of(read, person.actor.id)
    caller = Caller(viewer=person.viewer)
    answered = None
    if form.in_reply_to_id is not None:
        answered = (await find_entry(read, caller, form.in_reply_to_id)).post_id
    quoted = None
    if form.quoted_status_id is not None:
        quoted = (await find_entry(read, caller, form.quoted_status_id)).post_id
    return Draft(
        text=form.status,
        title=form.spoiler_text,
        # A word that is not known narrows to followers: nobody is to read more than was meant.
        audience=AUDIENCE.get(form.visibility, "followers") if form.visibility else sign_in.audience,
        language=form.language or sign_in.language,
        sensitive=sign_in.sensitive if form.sensitive is None else form.sensitive,
        in_reply_to=answered,
        media=_media(form.media_ids or ()),
        application=person.bearer.app_name,
        application_website=person.bearer.app_website,
        idempotency=(person.bearer.token_id, key) if key else None,
        poll=_poll(form.poll),
        quotes=quoted,
        quote_policy=form.quote_approval_policy or sign_in.quote_policy,
    )


def _poll(form: PollForm | None) -> PollDraft | None:
    if form is None:
        return None
    options = (option.strip() for option in form.options)
    return PollDraft(
        options=tuple(option for option in options if option),
        seconds=form.expires_in,
        multiple=form.multiple,
        hide_totals=form.hide_totals,
    )


def _media(ids: tuple[int, ...]) -> tuple[MediaId, ...]:
    return tuple(MediaId(media_id) for media_id in ids)


def _thumbnails(form: Edit) -> list[tuple[MediaId, bytes]]:
    """Read the pictures that are to stand for files; raise ``Invalid`` if one is no ``data:`` address."""
    found = []
    for change in form.media_attributes:
        if change.thumbnail:
            head, _, coded = change.thumbnail.partition(";base64,")
            try:
                data = base64.b64decode(coded, validate=True)
            except ValueError:
                data = b""
            if not head.startswith("data:image/") or not data:
                raise forms.invalid(
                    "media_attributes", "has a thumbnail that is no data:image/…;base64, address"
                )
            found.append((MediaId(change.id), data))
    return found


async def edit(request: Request) -> Response:
    """PUT /api/v1/statuses/:id; without ``media_ids`` its files stay, without ``poll`` its poll does."""
    node: Node = request.app.state.node
    form = await forms.read(request, Edit)
    _, (me, view) = await auth.read(request, "write:statuses", _acted_on, forms.number(request))
    draft = Draft(
        text=form.status,
        title=form.spoiler_text,
        language=form.language or view.post.language,
        sensitive=form.sensitive,
        poll=_poll(form.poll),
        quote_policy=form.quote_approval_policy or "",
    )
    for media_id, thumbnail in _thumbnails(form):
        await upload.illustrate(node, me, media_id, thumbnail)
    await post.edit(
        node,
        me,
        view.post.id,
        draft,
        files=None if form.media_ids is None else _media(form.media_ids),
        changes=tuple(
            upload.Change(
                media_id=MediaId(change.id), description=change.description, focus=focus_of(change.focus)
            )
            for change in form.media_attributes
        ),
    )
    return await shown(request, view.post.id, "write:statuses")


async def delete(request: Request) -> Response:
    """DELETE /api/v1/statuses/:id: what is gone, with its text, for those who write it again."""
    node: Node = request.app.state.node
    form = await forms.read(request, Deletion)
    caller, (me, view) = await auth.read(request, "write:statuses", _acted_on, forms.number(request))
    gone = entities.status(view, place(request, caller))
    said = entities.source(view)
    gone.text, gone.spoiler_text = said.text, said.spoiler_text
    if view.wrapper is not None and view.wrapper.by.id == me.id:
        await boost.unboost(node, me, view.post.id)
    else:
        await own_post.delete(node, me, view.post.id)
        if form.delete_media:
            await upload.discard(node, me, [file.id for file in view.media])
    return answer.entity(gone)


async def _acted_on(read: Reader, caller: Caller, status_id: int) -> tuple[Actor, PostView]:
    return await find_actor(read, caller, caller.me), await find_view(read, caller, status_id)


async def acting(request: Request, scope: str) -> tuple[Person, Entry]:
    """Give the person who acts, and what the status id in the path means."""
    person = await auth.person(request, scope)
    caller = Caller(viewer=person.viewer)
    entry = await request.app.state.node.store.read(find_entry, caller, forms.number(request))
    return person, entry


async def source(request: Request) -> Response:
    """GET /api/v1/statuses/:id/source: what the author typed, for whoever reads the status (as in Mastodon).

    It tells nobody more: each node that holds the post has its ``source`` too.
    """
    _, view = await auth.read(request, "read:statuses", find_view, forms.number(request))
    return answer.entity(entities.source(view))


async def history(request: Request) -> Response:
    """GET /api/v1/statuses/:id/history: every text, oldest first; the last is the one that stands."""
    caller, (view, revisions) = await auth.read_open(
        request, "read:statuses", _history, forms.number(request)
    )
    return answer.entity(entities.history(view, revisions, place(request, caller)))


async def _history(read: Reader, caller: Caller, status_id: int) -> tuple[PostView, list[Revision]]:
    view = await find_view(read, caller, status_id)
    return view, await posts.revisions(read, caller.viewer, view.post.id)


async def translate(request: Request) -> Response:
    """POST /api/v1/statuses/:id/translate: 404, as Mastodon without a translator, which nothing goes to."""
    await auth.read(request, "read:statuses", find_view, forms.number(request))
    raise NotFound("Nothing is translated here")


ROUTES = [
    Route("/api/v1/statuses", create, methods=["POST"]),
    Route("/api/v1/statuses", index),
    Route("/api/v1/statuses/{id}", show),
    Route("/api/v1/statuses/{id}", edit, methods=["PUT"]),
    Route("/api/v1/statuses/{id}", delete, methods=["DELETE"]),
    Route("/api/v1/statuses/{id}/context", context),
    Route("/api/v1/statuses/{id}/source", source),
    Route("/api/v1/statuses/{id}/history", history),
    Route("/api/v1/statuses/{id}/translate", translate, methods=["POST"]),
]
