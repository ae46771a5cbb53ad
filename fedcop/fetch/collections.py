"""What is in a collection of another node, page by page, as far as it is worth reading.

    for item in await fetch.items(node, uri): ...          documents with their own bytes, and ids

Pages are asked of the collection's own origin only, each once (federation.md 4.4). Nothing in them is
believed here.
"""

from activitypub.document import Document
from activitypub.errors import RemoteFault
from activitypub.origin import same_origin
from fedcop.errors import Refusal
from fedcop.fetch.documents import collection
from fedcop.node import Node

MOST_PAGES = 10
MOST_ITEMS = 500

_WHOLE = ("Collection", "OrderedCollection")


async def items(node: Node, uri: str, *, most: int = MOST_ITEMS) -> list[Document | str]:
    """Give what is in a collection, in its order: at most so many, of at most ten pages.

    If a later page cannot be had, what came before it. Raises as ``collection`` does when the first cannot.
    """
    found: list[Document | str] = []
    asked: set[str] = set()
    page: Document | str | None = uri
    for _ in range(MOST_PAGES + 1):  # the collection itself mostly has no items, but leads to its pages
        if isinstance(page, str):
            page = await _at(node, page, uri, asked) if len(found) < most else None
        if page is None:
            break
        found += [*page.items("orderedItems"), *page.items("items")]
        page = _next(page)
    return found[:most]


async def _at(node: Node, url: str, uri: str, asked: set[str]) -> Document | None:
    if url in asked or not same_origin(url, uri):
        return None
    asked.add(url)
    try:
        return await collection(node, url)
    except (RemoteFault, Refusal):
        if len(asked) == 1:
            raise
        return None


def _next(page: Document) -> Document | str | None:
    """Give what follows: the first page of a collection, which may stand in it, or the next page of a page.

    Mastodon's first page stands in the collection, is empty and says where the next one is.
    """
    for key in ("first", "next") if page.type in _WHOLE else ("next",):
        value = page.json.get(key)
        found = value if isinstance(value, str) else page.nested(key)
        if found is not None:
            return found
    return None
