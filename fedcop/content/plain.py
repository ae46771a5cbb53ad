"""Names and titles: plain text on one line that turns nothing round which stands after it.

    line_of("Parks & Rivers\\n<2030>")     "Parks & Rivers <2030>"
    ended("cal \\u202egnol")               "cal gnol"

A name is text, not HTML (AS2 4.3), so a bracket in it is a bracket. What opens an embedding, an override or
an isolate (UAX 9, 2.1) is kept where the same text ends it; Arabic and Hebrew names need none of them and
stay as they are.
"""

import re
from typing import Final

_ENDED_BY: Final = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)
_CONTROLS: Final = frozenset(_ENDED_BY) | frozenset(_ENDED_BY.values())

_NO_TEXT: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]+")


def line_of(text: str, longest: int) -> str:
    """Give a name as one line of at most so many characters."""
    return ended(" ".join(_NO_TEXT.sub(" ", text).split())[:longest])


def text_of(text: str, longest: int) -> str:
    """Give a description, whose line breaks stay, of at most so many characters."""
    return _NO_TEXT.sub(" ", text.replace("\r\n", "\n")).strip()[:longest]


def ended(text: str) -> str:
    """Give a text in which each direction control has its counterpart; one without is left out."""
    if not _CONTROLS.intersection(text):
        return text
    kept, opened = list(text), []
    for place, character in enumerate(text):
        if character in _ENDED_BY:
            opened.append(place)
        elif character in _CONTROLS:
            if opened and _ENDED_BY[text[opened[-1]]] == character:
                opened.pop()
            else:
                kept[place] = ""
    for place in opened:
        kept[place] = ""
    return "".join(kept)
