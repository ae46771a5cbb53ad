"""A community elsewhere invites somebody here: they read it as a direct note of that community."""

from activitypub.vocab.registry import id_of
from fedcop.actions import invite, notify
from fedcop.content import markup
from fedcop.content.markup import MentionLink
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from storage import actors, posts
from storage.actors import Actor
from storage.engine import Transaction
from storage.ids import PostId
from storage.notifications import NewNotification
from storage.posts import NewPost
from storage.visible import SYSTEM


async def receive_invite(node: Node, arrival: Arrival) -> Outcome:
    """Tell a person here that a community invites them; only the community itself does (decision 8)."""
    by = arrival.by
    if by.type != "Group" or id_of(arrival.activity.object) != by.uri or arrival.community is not None:
        return refused(f"{by.uri} invites into what it is not")
    target = arrival.activity.target
    person = await node.store.read(actors.find_by_uri, SYSTEM, target) if target else None
    if person is None or not person.local or person.type != "Person" or person.state != "active":
        return ignored(f"{target} is nobody here")
    new = _note(node, arrival, person)
    notices = notify.prepare(node, "mention", [person.id], by=by.id, post_id=new.id)
    added = await node.store.write(_write, new, notices)
    return DONE if added else ignored("it is known already")


async def _write(tx: Transaction, new: NewPost, notices: list[NewNotification]) -> bool:
    added = await posts.add(tx, new)
    if added:
        await notify.add(tx, notices)
    return added


def _note(node: Node, arrival: Arrival, person: Actor) -> NewPost:
    by, now = arrival.by, node.clock.now()
    links: dict[tuple[str, str | None], MentionLink] = {
        (by.handle, by.domain): MentionLink(url=by.url or by.uri, uri=by.uri, handle=by.handle)
    }
    post_id = PostId(node.ids.next(now))
    return NewPost(
        id=post_id,
        uri=arrival.activity.id,
        url=by.url or by.uri,
        host=by.host,
        local=False,
        author_id=by.id,
        type="Note",
        content=markup.html_of(invite.words(by), links, node.uris.tag),
        language="en",
        audience="direct",
        root_id=post_id,
        published_at=min(arrival.activity.published or now, now),
        mentions=((person.id, True),),
    )
