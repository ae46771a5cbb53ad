"""A person's own archive in the form that other servers and their tools read: Mastodon's.

Mastodon (app/services/backup_service.rb) writes ``actor.json``, ``outbox.json``, ``likes.json`` and
``bookmarks.json`` with paths inside the archive, and (app/models/export.rb) tables of addresses.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from activitypub.document import Json
from activitypub.vocab.write import AROUND_OTHERS
from fedcop.as2 import activities, posts
from fedcop.as2 import actors as as2_actors
from fedcop.uris import Uris
from storage.actors import Actor
from storage.keys import OwnKey
from storage.views import PostView

FILES = "media_attachments/files/"


def actor_of(actor: Actor, keys: Sequence[OwnKey], uris: Uris, pictures: Mapping[str, str]) -> Json:
    """Give the whole document of a person, with the pictures and collections that lie beside it."""
    document = as2_actors.person_of(actor, keys, uris, "profile")
    for name, path in pictures.items():
        document[name] = {**document[name], "url": path}
    return document | {"outbox": "outbox.json", "likes": "likes.json", "bookmarks": "bookmarks.json"}


def activity_of(view: PostView, created_by: str | None, uris: Uris, now: datetime) -> Json:
    """Give the Create of a post with its files as they lie in the archive, or the Announce of a boost."""
    wrapper, post = view.wrapper, view.post
    if wrapper is not None:
        uri = wrapper.uri or uris.activity(wrapper.id)
        return _bare(activities.boost_of(uri, wrapper.by.uri, post.uri, to=[], cc=[], published=wrapper.at))
    outgoing = posts.outgoing_of(view, uris)
    document = posts.post_of(outgoing, uris, now=now)
    for attachment, file in zip(document["attachment"], view.media, strict=True):
        attachment["url"] = f"/{FILES}{file.name}" if file.name else attachment["url"]
    return _bare(activities.create_of(created_by or f"{post.uri}#create", document))


def _bare(document: Json) -> Json:
    return {name: value for name, value in document.items() if name != "@context"}


def head_of(name: str) -> Json:
    """Give how a collection in an archive begins, all but its items."""
    return {"@context": AROUND_OTHERS, "id": name, "type": "OrderedCollection"}
