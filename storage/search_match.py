"""What the engines are asked for, written as FTS5 and as PostgreSQL read it: pure.

    match = search_match.of_posts(terms, sees)
    await read.values(search.POSTS, **match.parameters(), ...)

Words come from ``search_words`` and marks from ``search_rows``: letters and digits alone, so that nothing of
what somebody typed is syntax. Both texts ask the same; a statement takes the one of its engine.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from storage.search_words import Term

# Columns of FTS5, and the weight under which PostgreSQL keeps the words of each.
FIELDS: Final = {"topics": "A", "role": "B", "text": "D"}


class Sees(msgspec.Struct, frozen=True, kw_only=True):
    """The marks of what somebody finds: as everybody like them, as who they are, and by a name alone.

    ``never``: of what they do not find, from whom they block or from hidden hosts.
    """

    everybody: tuple[str, ...]
    own: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """Give every mark of what they find."""
        return self.everybody + self.own


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """One question: for FTS5, and for PostgreSQL as words and marks."""

    fts5: str
    words: str
    marks: str

    def parameters(self) -> dict[str, str]:
        """Give what the statements name."""
        return {"match": self.fts5, "words": self.words, "marks": self.marks}


def of_posts(
    terms: Sequence[Term],
    sees: Sees,
    *,
    only: Iterable[str] = (),
    any_of: bool = False,
    titles: bool = False,
) -> Match:
    """Ask for posts that somebody finds with all terms, or any; ``only`` with all of these marks."""
    said = _fts5(terms, any_of=any_of)
    opened, closed = ("title", "closed_title") if titles else ("{title text}", "{closed_title closed_text}")
    found = f"{opened} : ({said})" if terms else _any(sees.marks)
    if terms and sees.own:
        found = f"({found} OR ({closed} : ({said}) AND {_any(sees.own)}))"
    return Match(
        fts5=_narrowed(found, only, sees.never),
        words=_words(terms, "A" if titles else "", any_of=any_of),
        marks=_marked(sees.marks, only, sees.never),
    )


def of_actors(
    terms: Sequence[Term], sees: Sees, *, only: Iterable[str], any_of: bool = False, field: str = ""
) -> Match:
    """Ask for people or communities by what they say of themselves; ``field`` alone looks into one column."""
    columns = field or "{topics role text}"
    return Match(
        fts5=_narrowed(
            f"({columns} : ({_fts5(terms, any_of=any_of)}) AND {_any(sees.marks)})", only, sees.never
        ),
        words=_words(terms, FIELDS.get(field, "ABD"), any_of=any_of),
        marks=_marked(sees.marks, only, sees.never),
    )


def of_names(terms: Sequence[Term], sees: Sees, *, only: Iterable[str]) -> Match:
    """Ask for people or communities by their names, the last word of which may go on."""
    names = [*terms[:-1], msgspec.structs.replace(terms[-1], begins=True)]
    return Match(
        fts5=_narrowed(f"(name : ({_fts5(names)}) AND {_any(sees.named)})", only, sees.never),
        words=_words(names, ""),
        marks=_marked(sees.named, only, sees.never),
    )


def _fts5(terms: Sequence[Term], *, any_of: bool = False) -> str:
    return (" OR " if any_of else " AND ").join(
        f'"{" ".join(term.words)}"{"*" if term.begins else ""}' for term in terms
    )


def _any(marks: Iterable[str]) -> str:
    return f"marks : ({' OR '.join(marks)})"


def _narrowed(found: str, only: Iterable[str], never: Sequence[str]) -> str:
    found = " AND ".join([found, *(f"marks : {mark}" for mark in only)])
    return f"({found}) NOT {_any(never)}" if never else found


def _words(terms: Sequence[Term], weights: str, *, any_of: bool = False) -> str:
    return (" | " if any_of else " & ").join(f"({_phrase(term, weights)})" for term in terms)


def _phrase(term: Term, weights: str) -> str:
    last = "*" if term.begins else ""
    suffixes = [*[weights] * (len(term.words) - 1), last + weights]
    return " <-> ".join(
        f"{word}:{suffix}" if suffix else word for word, suffix in zip(term.words, suffixes, strict=True)
    )


def _marked(seen: Iterable[str], only: Iterable[str], never: Sequence[str]) -> str:
    parts = [f"({_quoted(seen)})", *(_quoted([mark]) for mark in only)]
    return " & ".join([*parts, f"!({_quoted(never)})"] if never else parts)


def _quoted(marks: Iterable[str]) -> str:
    return " | ".join(f"'~{mark}'" for mark in marks)
