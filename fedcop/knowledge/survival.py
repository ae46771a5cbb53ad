"""How long something takes when some of it has not happened yet: the Kaplan-Meier median, pure.

An ask without a reply is no missing value but one that lasted at least so long; a median of the answered
ones alone would make a slow community look fast. Source: Kaplan and Meier, J. Am. Stat. Assoc. 53 (1958).
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """How long something took, in any one unit; ``ended`` is false where it still goes on."""

    length: float
    ended: bool


def median(spans: Iterable[Span]) -> float | None:
    """Give the first length at which half or fewer still go on; None if it never comes to that.

    Where something ended and something else was still going on at one length, the latter counts as at risk.
    """
    known = list(spans)
    ends, leaves = Counter(one.length for one in known if one.ended), Counter(one.length for one in known)
    at_risk, above, below = len(known), 1, 1  # what is left, as a fraction of whole numbers: 1/2 is exact
    for length in sorted(leaves):
        above, below = above * (at_risk - ends[length]), below * at_risk
        if ends[length] and 2 * above <= below:
            return length
        at_risk -= leaves[length]
    return None
