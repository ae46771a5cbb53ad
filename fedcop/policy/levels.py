"""The five levels of who may find a person, and what each shows to whom (decision 12 of the design).

    reads("members", "fellow")      True

``visible.PROFILE`` is the rule; this is how it is told beforehand to whoever chooses.
"""

from typing import Final, Literal

Level = Literal["hidden", "council", "members", "nodes", "public"]
By = Literal["stranger", "nodes", "council", "fellow"]

LEVELS: Final[tuple[Level, ...]] = ("hidden", "council", "members", "nodes", "public")
# Somebody without an account; of an allowed node; a colleague; of another council, in a shared community.
BY: Final[tuple[By, ...]] = ("stranger", "nodes", "council", "fellow")

_READ_BY: Final[dict[Level, frozenset[By]]] = {
    "hidden": frozenset(),
    "council": frozenset({"council"}),
    "members": frozenset({"fellow"}),
    "nodes": frozenset({"nodes", "council", "fellow"}),
    "public": frozenset(BY),
}


def reads(level: Level, by: By) -> bool:
    """Tell whether somebody, who shares nothing else with a person, may read their whole profile."""
    return by in _READ_BY[level]
