"""Posts of every kind, their attachments and tags, and what stands where one was."""

from datetime import datetime

from activitypub.vocab.thing import Thing

POSTS = frozenset({"Page", "Note", "Article", "Question", "Event", "Video", "Image", "Audio", "Document"})


class Attachment(Thing, frozen=True, kw_only=True):
    """A file with its ``url``, a Link with its ``href``, or a line of a profile with its ``value``."""

    type: str
    url: str | None = None
    href: str | None = None
    media_type: str | None = None
    name: str | None = None
    summary: str | None = None
    value: str | None = None
    width: int | None = None
    height: int | None = None
    blurhash: str | None = None
    focal_point: tuple[float, float] | None = None
    sensitive: bool = False


class Tag(Thing, frozen=True, kw_only=True):
    """A Mention, a Hashtag, or a Link to something that the text refers to (FEP-e232)."""

    type: str
    href: str | None = None
    name: str | None = None
    rel: str | None = None
    media_type: str | None = None


class Source(Thing, frozen=True, kw_only=True):
    """What the author typed."""

    content: str = ""
    media_type: str | None = None


class Option(Thing, frozen=True, kw_only=True):
    """A choice of a poll."""

    name: str
    votes: int = 0


class Location(Thing, frozen=True, kw_only=True):
    """Where an event takes place: a Place with name and address, or a VirtualLocation with its ``url``."""

    type: str
    name: str = ""
    address: str = ""
    url: str | None = None


class Ask(Thing, frozen=True, kw_only=True):
    """What a thread asks its community for; ``services`` are addresses in the local-government list.

    ``withdrawn`` is since when no answer is wanted any more.
    """

    need: str = ""
    tried: str = ""
    by_when: str | None = None
    services: tuple[str, ...] = ()
    withdrawn: datetime | None = None


class Approval(Thing, frozen=True, kw_only=True):
    """Who may do something at once, and who may ask for it; each is an id or a collection (FEP-044f)."""

    automatic_approval: tuple[str, ...] = ()
    manual_approval: tuple[str, ...] = ()


class InteractionPolicy(Thing, frozen=True, kw_only=True):
    """Who may do what with a post."""

    can_quote: Approval


class Post(Thing, frozen=True, kw_only=True):
    """Anything that somebody published; ``content`` is HTML that nobody has cleaned yet.

    ``attributed_to`` is one author: of several the one who acts, else the first that is no Group. ``quote``
    is said as FEP-044f has it, ``quote_url`` in an older way.
    """

    id: str
    type: str
    attributed_to: str | None = None
    name: str | None = None
    summary: str | None = None
    content: str | None = None
    content_map: dict[str, str] | None = None
    media_type: str | None = None
    source: Source | None = None
    url: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    in_reply_to: str | None = None
    context: str | None = None
    conversation: str | None = None
    replies: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    tag: tuple[Tag, ...] = ()
    attachment: tuple[Attachment, ...] = ()
    image: Attachment | None = None
    sensitive: bool | None = None
    language: str | None = None
    comments_enabled: bool | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    one_of: tuple[Option, ...] = ()
    any_of: tuple[Option, ...] = ()
    closed: datetime | None = None
    voters_count: int | None = None
    location: tuple[Location, ...] = ()
    timezone: str = ""
    join_mode: str = ""
    event_status: str = ""
    external_participation_url: str | None = None
    ask: Ask | None = None
    quote: str | None = None
    quote_url: str | None = None
    quote_authorization: str | None = None
    derived_from: tuple[str, ...] = ()
    contributor: tuple[str, ...] = ()
    license: str | None = None
    review_by: datetime | None = None
    interaction_policy: InteractionPolicy | None = None


class QuoteAuthorization(Thing, frozen=True, kw_only=True):
    """The word of a quoted author that one post, the ``interacting_object``, may quote theirs (FEP-044f)."""

    id: str
    type: str
    attributed_to: str | None = None
    interacting_object: str | None = None
    interaction_target: str | None = None


class Tombstone(Thing, frozen=True, kw_only=True):
    """What stands where something was."""

    id: str
    former_type: str | None = None
    deleted: datetime | None = None
