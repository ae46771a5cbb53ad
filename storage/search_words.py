"""What somebody types into the one box, and how text is folded for it: pure.

    words.read('gully "road closure" from:@ada has:answer')      -> Wanted
    words.folded("Café O'Brien")                                 -> "cafe o brien"

Rules
  1. Texts and what is looked for are folded alike: small letters without marks, words of letters and digits
     alone. So nothing that anybody types is ever syntax of the engine below: what is left are words.
  2. Quotes make a phrase, and so does whatever joins words: ``net-zero``, ``O'Brien``. A star at the end of
     a word finds all that begin so.
  3. Read as more than a word are only ``from:``, ``in:``, ``council:``, ``has:answer``, ``is:note``,
     ``before:`` and ``after:`` a day; anything else with a colon is text.
"""

import hashlib
import html
import re
import unicodedata
from datetime import UTC, datetime
from typing import Final

import msgspec

LONGEST: Final = 500  # characters of what is looked for
MOST_TERMS: Final = 16
LONGEST_TEXT: Final = 16_000  # characters of a post that are looked through
LONGEST_WORD: Final = 40

_WORD: Final = re.compile(r"[^\W_]+")
# Most of what is stored comes this way: a fifth of the time that the rule for all letters takes.
_ASCII: Final = "".join(chr(n).lower() if chr(n).isalnum() else " " for n in range(128))
_TAG: Final = re.compile(r"<[^>]*>")
# A phrase in quotes, or whatever stands between blanks.
_PART: Final = re.compile(r'"([^"]*)"?|(\S+)')
_QUOTES: Final = str.maketrans("“”„«»", '"""""')
_OPERATOR: Final = re.compile(r"(from|in|council|has|is|before|after):(.+)", re.IGNORECASE)

# Words that say nothing of what is looked for; left out where any of the words is enough.
_SAYS_NOTHING: Final = """
a about an and any anyone anybody are as at be been but by can could did do does for from get got had has have
help how i if in into is it its know like looking me my need needs of on or our out please should so some
somebody someone that the their them there they this to us was we what when where which who why will with
would you your
a ac am ar at beth bod ble ddim dda ei ein eich fel fy gan gyda i mae mewn na ni o oes oedd os pa pwy rhywun
sut sydd wedi y yn yr ydy yw
"""
COMMON: Final = frozenset(_SAYS_NOTHING.split())


class Term(msgspec.Struct, frozen=True):
    """Words that stand together; ``begins``: the last one may go on."""

    words: tuple[str, ...]
    begins: bool = False


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for: every term, in a post by ``author`` (or the row ``by``), in ``community``, ..."""

    terms: tuple[Term, ...] = ()
    author: str = ""
    by: int = 0
    community: str = ""
    council: str = ""
    answered: bool = False
    notes: bool = False
    before: datetime | None = None
    after: datetime | None = None

    @property
    def narrowed(self) -> bool:
        """Tell whether more is asked than words, so that only posts are meant."""
        return self != Wanted(terms=self.terms, council=self.council)

    @property
    def nothing(self) -> bool:
        """Tell whether nothing is left to look for."""
        return self == Wanted()


def folded(text: str) -> str:
    """Give the words of a plain text as rows hold them."""
    text = text[:LONGEST_TEXT]
    if text.isascii():
        words = text.translate(_ASCII).split()
    else:
        plain = unicodedata.normalize("NFKD", text.casefold())
        words = _WORD.findall("".join(one for one in plain if not unicodedata.combining(one)))
    if max(map(len, words), default=0) > LONGEST_WORD:
        words = [word[:LONGEST_WORD] for word in words]
    return " ".join(words)


def text_of(clean: str) -> str:
    """Give the words of clean HTML as rows hold them."""
    return folded(html.unescape(_TAG.sub(" ", clean[: 4 * LONGEST_TEXT])))


def number_of(host: str) -> str:
    """Give a host as a mark: a name may be no word, and this one is never stemmed."""
    return f"h{int.from_bytes(hashlib.sha256(host.encode()).digest()[:6], 'big')}"


def read(text: str) -> Wanted:
    """Read what somebody typed."""
    terms: list[Term] = []
    named: dict[str, object] = {}
    for phrase, part in _PART.findall(text[:LONGEST].translate(_QUOTES)):
        said = _OPERATOR.fullmatch(part)
        if said is not None and (more := _narrowing(said[1].lower(), said[2].strip('"'))):
            named |= more
        elif words := folded(phrase or part).split():
            terms.append(Term(tuple(words), begins=part.endswith("*")))
    return Wanted(terms=tuple(dict.fromkeys(terms))[:MOST_TERMS], **named)  # type: ignore[arg-type]


def need_of(text: str) -> Wanted:
    """Read a need in somebody's own words: terms, without what says nothing; any of them may be enough."""
    found = [word for word in dict.fromkeys(folded(text).split()) if word not in COMMON and len(word) > 1]
    return Wanted(terms=tuple(Term((word,)) for word in found[:MOST_TERMS]))


def _narrowing(name: str, value: str) -> dict[str, object]:
    match name:
        case "from" | "in":
            return {"author" if name == "from" else "community": value.strip("@!").lower()}
        case "council":
            return {"council": value.strip("@").lower()}
        case "has":
            return {"answered": True} if value.lower() in ("answer", "ateb") else {}
        case "is":
            return {"notes": True} if value.lower() in ("note", "nodyn") else {}
    try:
        return {name: datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)}
    except ValueError:
        return {}
