"""Filter, in both versions, and what of a status a filter found."""

import msgspec

from fedcop.mastodon import answer
from storage.filters import Filter as Row
from storage.filters import Keyword


class FilterKeyword(msgspec.Struct):
    """A word or phrase of a filter."""

    id: str
    keyword: str
    whole_word: bool


class FilterStatus(msgspec.Struct):
    """A single status of a filter."""

    id: str
    status_id: str


class Filter(msgspec.Struct, kw_only=True):
    """Words and statuses that a person would rather not read. Results leave keywords and statuses out."""

    id: str
    title: str
    context: list[str]
    expires_at: str | None
    filter_action: str
    keywords: list[FilterKeyword] | msgspec.UnsetType = msgspec.UNSET
    statuses: list[FilterStatus] | msgspec.UnsetType = msgspec.UNSET


class V1Filter(msgspec.Struct, kw_only=True):
    """A filter as it was before version 4: one word or phrase each."""

    id: str
    phrase: str
    context: list[str]
    whole_word: bool
    expires_at: str | None
    irreversible: bool


class FilterResult(msgspec.Struct, kw_only=True):
    """A filter of the caller that found something in a status."""

    filter: Filter
    keyword_matches: list[str] | None
    status_matches: list[str] | None


def filter_(row: Row) -> Filter:
    """Give a filter with all that it looks for."""
    return msgspec.structs.replace(
        head(row),
        keywords=[keyword(one) for one in row.keywords],
        statuses=[FilterStatus(str(one.id), str(one.post_id)) for one in row.posts],
    )


def head(row: Row) -> Filter:
    """Give a filter without what it looks for."""
    return Filter(
        id=str(row.id),
        title=row.title,
        context=list(row.contexts),
        expires_at=answer.time_if(row.expires_at),
        filter_action=row.action,
    )


def keyword(row: Keyword) -> FilterKeyword:
    """Give a word or phrase of a filter."""
    return FilterKeyword(str(row.id), row.keyword, row.whole_word)


def v1_filters(row: Row) -> list[V1Filter]:
    """Give a filter as version 1 has it: one for each word, with the id of the word."""
    return [
        V1Filter(
            id=str(one.id),
            phrase=one.keyword,
            context=list(row.contexts),
            whole_word=one.whole_word,
            expires_at=answer.time_if(row.expires_at),
            irreversible=row.action == "hide",
        )
        for one in row.keywords
    ]
