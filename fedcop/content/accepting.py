"""The words by which somebody accepts an answer in a reply to it, from any client.

accepts("@ben@devon.example Solved: thank you")       True
accepts("@ben Solved it by asking the county.")       False: a sentence of its own
"""

import re
from typing import Final

WORDS: Final = ("accept", "accepted", "solved", "resolved", "derbyn", "derbyniwyd", "datryswyd", "datrys")

_NAME: Final = r"[@!][\w.-]+(?:@[\w.-]+(?::\d{1,5})?)?"
# The word stands alone after the leading mentions, or before a sign: what goes on without one is a sentence.
_ACCEPTS: Final = re.compile(
    rf"\s*(?:{_NAME}(?=[\s,:]|$)[\s,:]*)*(?:{'|'.join(WORDS)})(?:\s*$|\s*[:,.;!–—])", re.IGNORECASE
)


def accepts(text: str) -> bool:
    """Tell whether a reply accepts what it answers as an answer."""
    return _ACCEPTS.match(text) is not None
