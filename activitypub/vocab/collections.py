"""Collections and their pages."""

from activitypub.vocab.thing import Thing

COLLECTIONS = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})


class Collection(Thing, frozen=True, kw_only=True):
    """A collection or one of its pages; ``items`` are ids, in place of embedded objects too.

    Embedded items keep their bytes: ``document.items("orderedItems")`` gives them.
    """

    id: str | None = None
    type: str
    name: str | None = None
    attributed_to: str | None = None
    total_items: int | None = None
    first: str | None = None
    next: str | None = None
    part_of: str | None = None
    items: tuple[str, ...] = ()
