"""What somebody answers who is asked, some time later, whether an answer helped.

read("@ask@kent.example Partly: the fee is new.")    ("partly", "the fee is new.")
read("@ask@kent.example Thank you")                  None: no answer to that
"""

import re
from typing import Final

STOP: Final = "stop"  # wants never to be asked again

WORDS: Final = {
    "yes": "yes",
    "ie": "yes",
    "do": "yes",
    "partly": "partly",
    "rhannol": "partly",
    "no": "no",
    "na": "no",
    "naddo": "no",
    "stop": STOP,
    "stopio": STOP,
}

_NAME: Final = r"[@!][\w.-]+(?:@[\w.-]+(?::\d{1,5})?)?"
_SAYS: Final = re.compile(
    rf"\s*(?:{_NAME}(?=[\s,:]|$)[\s,:]*)*({'|'.join(WORDS)})\b[\s:,.;!–—-]*(.*)", re.IGNORECASE | re.DOTALL
)


def read(text: str) -> tuple[str, str] | None:
    """Give yes, partly, no or stop, and what else was said; None for another text."""
    found = _SAYS.match(text)
    return (WORDS[found[1].lower()], found[2].strip()) if found else None
