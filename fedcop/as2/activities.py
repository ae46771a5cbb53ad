"""The activities that this node makes, as documents ready to be proved and sent.

    create = activities.create_of(uri, page)          the Page embedded, addressed as it is
    undo = activities.undo_of(uri, like)              the Like embedded, addressed as it is

``to`` and ``cc`` are always there as lists, ``actor``, ``audience`` and ``target`` one id each: Lemmy refuses
an activity without the keys, or with a list where it reads one id (federation.md 1.7, 5.5).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from activitypub.document import Json
from activitypub.shape import PUBLIC
from activitypub.vocab.write import AROUND_OTHERS, CONTEXT, QUOTE_CONTEXT, USE_CONTEXT


def moment_of(at: datetime) -> str:
    """Write a time as it goes out: UTC, whole seconds, as Lemmy compares them (federation.md 5.5)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def bytes_of(document: Json) -> bytes:
    """Give a document's bytes, which are what is stored, sent and passed on."""
    return msgspec.json.encode(document)


def create_of(uri: str, post: Json) -> Json:
    """Give the Create of a post, addressed as the post is."""
    return _about(uri, "Create", post, published=post["published"])


def update_of(uri: str, post: Json) -> Json:
    """Give the Update of an edited post, addressed as the post is."""
    return _about(uri, "Update", post, published=post["updated"])


def restated_of(uri: str, post: Json, at: datetime) -> Json:
    """Give the Update that tells new counts, or the right to quote: no edit, ``updated`` stays (FEP-9967)."""
    return _about(uri, "Update", post, published=moment_of(at))


def quote_request_of(uri: str, actor: str, quoted: str, *, quoting: str, to: str) -> Json:
    """Give the QuoteRequest by which whoever wrote ``quoting`` asks for another post (FEP-044f)."""
    asked = _activity(uri, "QuoteRequest", actor, quoted, to=[to], cc=[])
    return asked | {"@context": QUOTE_CONTEXT, "instrument": quoting}


def update_actor_of(uri: str, document: Json, *, to: Sequence[str], cc: Sequence[str]) -> Json:
    """Give the Update by which an actor tells its whole new document, under that one's context."""
    about = _activity(uri, "Update", document["id"], _bare(document), to=to, cc=cc)
    return about | {"@context": document["@context"]}


def delete_of(
    uri: str, actor: str, post: str, *, to: Sequence[str], cc: Sequence[str], community: str | None
) -> Json:
    """Give the Delete of a post by its author."""
    return _activity(uri, "Delete", actor, post, to=to, cc=cc, audience=community)


def removal_of(uri: str, actor: str, post: str, *, community: str, reason: str) -> Json:
    """Give the Delete by which a facilitator removes a post.

    ``summary`` is there even if it is empty: by it Lemmy tells a removal from an author's own Delete, which
    it would refuse from anybody else (L crates/apub/activities/src/deletion/delete.rs).
    """
    return _moderation(uri, "Delete", actor, post, community, summary=reason)


def delete_actor_of(uri: str, actor: str) -> Json:
    """Give the Delete by which a person takes leave for good."""
    return _activity(uri, "Delete", actor, actor, to=[PUBLIC], cc=[])


def like_of(uri: str, actor: str, post: str, *, to: Sequence[str], community: str | None) -> Json:
    """Give the Like of a post, told to its author and its community."""
    return _activity(uri, "Like", actor, post, to=to, cc=[], audience=community)


def use_of(like: Json) -> Json:
    """Give the Like of know-how by whom it served: to any other server it is a like."""
    return like | {"@context": USE_CONTEXT, "used": True}


def boost_of(
    uri: str, actor: str, post: str, *, to: Sequence[str], cc: Sequence[str], published: datetime
) -> Json:
    """Give the Announce by which a person boosts a post."""
    return _activity(uri, "Announce", actor, post, to=to, cc=cc, published=moment_of(published))


def follow_of(uri: str, actor: str, target: str) -> Json:
    """Give the Follow of a person, or the wish to join a community."""
    return _activity(uri, "Follow", actor, target, to=[target], cc=[])


def invite_of(uri: str, community: str, person: str) -> Json:
    """Give the Invite of a person into a community, said by the community itself."""
    return _activity(uri, "Invite", community, community, to=[person], cc=[], target=person)


def offer_of(uri: str, community: str, follow: bytes, *, to: Sequence[str]) -> Json:
    """Give the Offer by which a community lets facilitators elsewhere decide a Follow, as it came."""
    return _echo(uri, "Offer", community, follow, to=to)


def accept_of(uri: str, actor: str, sender: str, answered: bytes) -> Json:
    """Give the Accept of a Follow or an Offer, echoed as it came: peers match it by id or by content."""
    return _echo(uri, "Accept", actor, answered, to=[sender])


def reject_of(uri: str, actor: str, sender: str, answered: bytes) -> Json:
    """Give the Reject of a Follow or an Offer, or of a Create that a community does not take."""
    return _echo(uri, "Reject", actor, answered, to=[sender])


def block_of(uri: str, actor: str, target: str) -> Json:
    """Give the Block by which a person shuts another out."""
    return _activity(uri, "Block", actor, target, to=[target], cc=[])


def ban_of(
    uri: str,
    actor: str,
    banned: str,
    *,
    community: str,
    reason: str,
    until: datetime | None,
    remove_posts: bool = False,
) -> Json:
    """Give the Block by which a facilitator bans somebody from a community."""
    return _moderation(
        uri, "Block", actor, banned, community,
        target=community, removeData=remove_posts, summary=reason or None,
        endTime=moment_of(until) if until else None,
    )  # fmt: skip


def lock_of(uri: str, actor: str, post: str, *, community: str, reason: str) -> Json:
    """Give the Lock by which a facilitator closes a thread."""
    return _moderation(uri, "Lock", actor, post, community, summary=reason or None)


def choice_of(uri: str, actor: str, answer: str, *, community: str) -> Json:
    """Give the ChooseAnswer by which who asked, or a facilitator, accepts a reply as an answer.

    As PieFed addresses and reads it (P app/shared/tasks/notes.py, app/activitypub/routes.py, April 2026).
    """
    return _moderation(uri, "ChooseAnswer", actor, answer, community)


def add_of(uri: str, actor: str, added: str, *, target: str, community: str) -> Json:
    """Give the Add of a post to a community's pinned ones, or of a person to its facilitators."""
    return _moderation(uri, "Add", actor, added, community, target=target)


def remove_of(uri: str, actor: str, removed: str, *, target: str, community: str) -> Json:
    """Give the Remove of what an Add added."""
    return _moderation(uri, "Remove", actor, removed, community, target=target)


def listed_of(
    uri: str, kind: Literal["Add", "Remove"], node: str, actor: str, *, target: str, to: Sequence[str]
) -> Json:
    """Give the word of a node that its directory lists one of its actors, or no longer."""
    return _activity(uri, kind, node, actor, to=to, cc=[], target=target)


def flag_of(uri: str, actor: str, objects: Sequence[str], *, to: Sequence[str], text: str) -> Json:
    """Give the Flag of a person and posts; one object alone is no list, since Lemmy reads one id."""
    flagged = list(objects) if len(objects) > 1 else objects[0]
    return _activity(uri, "Flag", actor, flagged, to=to, cc=[], content=text, summary=text)


def update_community_of(uri: str, actor: str, document: Json) -> Json:
    """Give the Update by which a facilitator changes a community, whose whole new document it holds.

    Lemmy and PieFed take it from a person only, wrapped; Mastodon from the Group itself (federation.md 1.7).
    """
    return _moderation(uri, "Update", actor, _bare(document), document["id"])


def undo_of(uri: str, undone: Json) -> Json:
    """Give the Undo of an activity: it is embedded with its type, and its addresses are repeated."""
    return _activity(
        uri, "Undo", undone["actor"], _bare(undone),
        to=undone["to"], cc=undone["cc"], audience=undone.get("audience"),
    )  # fmt: skip


def addressed_to(document: Json, to: Sequence[str]) -> Json:
    """Give an activity, and what is embedded in it, addressed to some and to nobody else."""
    addressed = document | {"to": list(to), "cc": []}
    inner = document.get("object")
    if isinstance(inner, dict) and "to" in inner:
        addressed["object"] = addressed_to(inner, to)
    return addressed


def _about(uri: str, kind: str, post: Json, *, published: str) -> Json:
    about = _activity(
        uri, kind, post["attributedTo"], _bare(post),
        to=post["to"], cc=post["cc"], audience=post.get("audience"), published=published,
    )  # fmt: skip
    return about | {"@context": post["@context"]}


def _echo(uri: str, kind: str, actor: str, answered: bytes, *, to: Sequence[str]) -> Json:
    document = _activity(uri, kind, actor, msgspec.Raw(answered), to=to, cc=[])
    return document | {"@context": AROUND_OTHERS}


def _moderation(uri: str, kind: str, actor: str, about: object, community: str, **more: object) -> Json:
    # to: Public, cc: the community, as Lemmy's own facilitators address it.
    return _activity(uri, kind, actor, about, to=[PUBLIC], cc=[community], audience=community, **more)


def _activity(
    uri: str, kind: str, actor: str, about: object, *, to: Sequence[str], cc: Sequence[str], **more: object
) -> Json:
    document: Json = {"@context": CONTEXT, "id": uri, "type": kind, "actor": actor, "object": about}
    document |= {"to": list(to), "cc": list(cc)}
    return document | {key: value for key, value in more.items() if value is not None}


def _bare(document: Json) -> Json:
    """Give a document as it is embedded: the outer one's context is enough, and its proof covers it."""
    return {key: value for key, value in document.items() if key not in ("@context", "proof")}
