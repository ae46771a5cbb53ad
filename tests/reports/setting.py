"""One case while it is being set up, and the words by which a case names people, hosts and the community."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from activitypub.origin import host_of
from tests.reports.bench import BASE, Bench
from tests.reports.cases import Case
from tests.reports.peers import Peer
from tests.reports.placeholders import Placeholders

URL: Final = r"https://[^\s;,)'\"]+"
NAME: Final = r"[a-z]\w*(?:@[\w-]+(?:\.[\w-]+)*)?"
WHO: Final = rf"(?P<who>https://[^\s;,)]+|{NAME})"
HOST: Final = r"(?P<host>[\w-]+(?:\.example)?)"
GROUP: Final = r"(?P<group>the (?:group|community)|makers|parks|\{group2?\}|it)"


@dataclass
class Setting:
    """One case while it is being set up."""

    bench: Bench
    case: Case
    values: Placeholders

    @property
    def group(self) -> str:
        return self.values.values["group"]

    def named(self, match: re.Match[str]) -> str:
        """Give the id of the community that some words name: makers, unless they say parks."""
        named = match.groupdict().get("group") or ""
        return self.values.values["group2" if named in ("parks", "{group2}") else "group"]

    def uri(self, name: str) -> str:
        """Give the id of whom a name means, here or elsewhere."""
        if name in self.values.values and self.values.values[name].startswith(BASE):
            return self.values.values[name]
        found = self.bench.peers.find(name)
        if found is None:
            raise LookupError(f"nobody is called {name}")
        return found

    def peer(self, name: str) -> Peer:
        return self.bench.peers.open(name if "." in name else f"{name}.example")

    def owner(self, word: str) -> Peer | None:
        """Give the server that a word means: its host, or somebody there; None for any other word."""
        if "." in word or self.bench.peers.of(f"{word}.example"):
            return self.peer(word)
        found = self.bench.peers.find(word)
        return self.peer(host_of(found)) if found else None


Maker = Callable[[Setting, re.Match[str]], Awaitable[None]]

Pattern = tuple[str, Maker]
