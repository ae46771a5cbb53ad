"""Every address that this node mints; an id never changes, has no query and no trailing slash.

Ids come from ``node.base_url`` and never from a request's headers.
"""

from urllib.parse import quote, urlsplit


class Uris:
    """Mints the ids of one node and knows which are its own."""

    def __init__(self, base_url: str, domain: str) -> None:
        self.base_url = base_url
        self.domain = domain
        self.host = _host(base_url)
        self.actor = f"{base_url}/actor"
        self.shared_inbox = f"{base_url}/inbox"
        self.people_directory = f"{base_url}/directory/people"
        self.communities_directory = f"{base_url}/directory/communities"

    def person(self, handle: str) -> str:
        """Give the id of a person here."""
        return f"{self.base_url}/people/{handle}"

    def community(self, handle: str) -> str:
        """Give the id of a community here."""
        return f"{self.base_url}/communities/{handle}"

    def post(self, post_id: int) -> str:
        """Give the id of a post written here."""
        return f"{self.base_url}/posts/{post_id}"

    def know_how(self, post_id: int) -> str:
        """Give the id of know-how that was published here."""
        return f"{self.base_url}/know-how/{post_id}"

    def know_how_draft(self, draft_id: int) -> str:
        """Give the page of know-how that is not published yet."""
        return f"{self.base_url}/know-how/drafts/{draft_id}"

    def know_how_answer(self, draft_id: int, actor_id: int, seal: str) -> str:
        """Give the page on which somebody sees what is quoted of them, and may object."""
        return f"{self.know_how_draft(draft_id)}/people/{actor_id}?seal={seal}"

    def activity(self, row_id: int) -> str:
        """Give the id of an activity made here."""
        return f"{self.base_url}/activities/{row_id}"

    def quote_stamp(self, row_id: int) -> str:
        """Give the id of our word that a post may quote one of ours."""
        return f"{self.base_url}/quotes/{row_id}"

    def tag(self, name: str) -> str:
        """Give the page of a hashtag."""
        return f"{self.base_url}/tags/{quote(name, safe='')}"

    def media(self, name: str) -> str:
        """Give the address of a file that is served from here."""
        return f"{self.base_url}/media/{name}"

    def media_row(self, media_id: int) -> str:
        """Give the address of a file of ours that opens for whoever may see the post that it is in."""
        return f"{self.base_url}/media/{media_id}/original"

    def invitation(self, secret: str) -> str:
        """Give the one-time link by which a person sets a password."""
        return f"{self.base_url}/invitation/{secret}"

    def is_ours(self, uri: str) -> bool:
        """Tell whether an id was minted under this node's base."""
        return uri == self.base_url or uri.startswith(self.base_url + "/")


def row_id_in(text: str) -> int | None:
    """Give the row id that stands in a path; None for what is no number, or one that no column holds."""
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        return None
    number = int(text)
    return number if number < 1 << 63 else None


def inbox_of(actor_uri: str) -> str:
    """Give the inbox of one of our actors."""
    return f"{actor_uri}/inbox"


def outbox_of(actor_uri: str) -> str:
    """Give the outbox of one of our actors."""
    return f"{actor_uri}/outbox"


def followers_of(actor_uri: str) -> str:
    """Give the followers collection of one of our actors."""
    return f"{actor_uri}/followers"


def synchronization_of(actor_uri: str) -> str:
    """Give where a node gets those of its own people who follow one of our actors (FEP-8fcf)."""
    return f"{actor_uri}/followers/synchronization"


def following_of(actor_uri: str) -> str:
    """Give the following collection of one of our actors."""
    return f"{actor_uri}/following"


def featured_of(actor_uri: str) -> str:
    """Give the collection of pinned posts of one of our actors."""
    return f"{actor_uri}/featured"


def facilitators_of(community_uri: str) -> str:
    """Give the collection of facilitators of one of our communities."""
    return f"{community_uri}/facilitators"


def context_of(post_uri: str) -> str:
    """Give the collection of the thread that one of our posts began."""
    return f"{post_uri}/context"


def replies_of(post_uri: str) -> str:
    """Give the collection of direct replies to one of our posts."""
    return f"{post_uri}/replies"


def thread_of(community_uri: str, root_id: int) -> str:
    """Give where one of our communities keeps a whole thread for the nodes of its members."""
    return f"{community_uri}/threads/{root_id}"


def key_of(actor_uri: str) -> str:
    """Give the id of the RSA key that signs requests."""
    return f"{actor_uri}#main-key"


def proof_key_of(actor_uri: str) -> str:
    """Give the id of the Ed25519 key that signs proofs."""
    return f"{actor_uri}#ed25519-key"


def _host(base_url: str) -> str:
    parts = urlsplit(base_url)
    default = {"https": 443, "http": 80}.get(parts.scheme)
    name = (parts.hostname or "").lower()
    return name if parts.port in (None, default) else f"{name}:{parts.port}"
