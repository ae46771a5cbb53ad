"""Activities: who does what with which object."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from activitypub.vocab.actors import Actor
from activitypub.vocab.collections import Collection
from activitypub.vocab.objects import Post, QuoteAuthorization, Tombstone
from activitypub.vocab.thing import Thing, Unknown

ACTIVITIES = frozenset(
    (
        *("Create", "Update", "Delete", "Announce", "Undo", "Like", "Dislike", "EmojiReact"),
        *("Follow", "Accept", "Reject", "Offer", "Invite", "Block", "Flag", "Move"),
        *("Add", "Remove", "Lock", "ChooseAnswer", "QuoteRequest"),
    )
)

if TYPE_CHECKING:
    Object: TypeAlias = (
        Post | Actor | Tombstone | QuoteAuthorization | "Activity" | Collection | Unknown | str
    )
else:
    # msgspec tells Structs in a union apart by one type name each; ours have several, so the registry reads
    # the object first and hands it over.
    Object = Any


class Activity(Thing, frozen=True, kw_only=True):
    """Something that an actor did. ``object`` is the first of ``objects``, which is most often alone.

    An embedded activity may lack an id, which is empty then: peers make up new ones for the Undo of a Like.
    ``used``: who likes it did what it says.
    """

    id: str = ""
    type: str
    actor: str
    objects: tuple[Object, ...] = ()
    target: str | None = None
    instrument: str | None = None
    result: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    summary: str | None = None
    content: str | None = None
    published: datetime | None = None
    end_time: datetime | None = None
    remove_data: bool = False
    used: bool = False

    @property
    def object(self) -> Object | None:
        """Give the first object; None when there is none."""
        return self.objects[0] if self.objects else None
