"""Know-how both ways: what an Article says beside its text.

``derivedFrom`` names the posts that it was made from (PROV's ``wasDerivedFrom``), ``contributor`` the people
behind it and ``reviewBy`` until when it holds (Dublin Core's ``contributor`` and ``valid``), ``license`` what
one may do with it (schema.org). Who published it, in ``attributedTo``, answers for it.

What a peer says is cut: at most 100 posts and 50 people, web addresses only. That somebody contributed is a
claim until ``storage.knowhow`` finds a reason to believe it.
"""

from collections.abc import Sequence
from typing import Final

from activitypub.document import Json
from activitypub.vocab.objects import Post
from fedcop.as2 import files
from fedcop.as2.activities import moment_of
from storage.knowhow import NewKnowHow, NewPart

MOST_SOURCES: Final = 100
MOST_PEOPLE: Final = 50

OPEN_GOVERNMENT: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
COUNCILS_ONLY: Final = "urn:x-fedcop:councils-only"  # a fixed name, never fetched
LICENCES: Final = (OPEN_GOVERNMENT, COUNCILS_ONLY)


def article_of(new: NewKnowHow) -> Json:
    """Give what an Article of ours says beside its text."""
    said: Json = {
        "derivedFrom": [part.uri for part in new.parts],
        "contributor": list(new.people),
        "license": new.licence,
    }
    if new.review_at is not None:
        said["reviewBy"] = moment_of(new.review_at)
    return said


def know_how_from(post: Post) -> NewKnowHow | None:
    """Give what a peer's Article says beside its text; one that was made from nothing is a text as any."""
    sources = _addresses(post.derived_from)[:MOST_SOURCES]
    if post.type != "Article" or not sources:
        return None
    return NewKnowHow(
        licence=post.license if post.license and _is_licence(post.license) else "",
        review_at=post.review_by,
        parts=tuple(NewPart(uri=uri) for uri in sources),
        people=tuple(_addresses(post.contributor)[:MOST_PEOPLE]),
    )


def _addresses(uris: Sequence[str]) -> list[str]:
    return [uri for uri in dict.fromkeys(uris) if files.is_web(uri)]


def _is_licence(uri: str) -> bool:
    return uri == COUNCILS_ONLY or files.is_web(uri)
