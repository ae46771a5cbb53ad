"""What somebody answers who is asked, some time later, whether an answer helped.

read("@ask@kent.example Partly: the fee is new.")    ("partly", "the fee is new.")
read("@ask@kent.example Thank you")                  (None, "Thank you")
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
    rf"\s*(?:{_NAME}(?=[\s,:]|$)[\s,:]*)*(?:({'|'.join(WORDS)})\b[\s:,.;!–—-]*)?(.*)",
    re.IGNORECASE | re.DOTALL,
)


def read(text: str) -> tuple[str | None, str]:
    """Give yes, partly, no or stop, and what else was said; None and all of it for another text."""
    found = _SAYS.fullmatch(text)
    assert found is not None, "it matches every text"
    return (WORDS[found[1].lower()] if found[1] else None), found[2].strip()
