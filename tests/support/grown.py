"""A network grown to 3 000 people of 60 councils, with ten needs that one person each can meet.

Drawn by a seed: real councils, real services; who can meet a need is planted first, and the rest is drawn
around them without a look at how anything is searched or ranked. People elsewhere are rows as a directory
brings them, so nobody here has keys.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage import actors, follows, likes, posts
from storage.engine import Store, Transaction
from storage.follows import NewFollow
from storage.ids import ActorId, PostId, at
from storage.practices import Practice, text_of
from storage.service_list import Service
from tests.storage.people import new_actor
from tests.storage.written import new_post

PEOPLE = 3_000
COUNCILS = 60
COMMUNITIES = 40
POSTS = 1_500
STEP = 150  # rows in one transaction

# What somebody types who needs something, and the service of the list that it is about.
NEEDS = (
    ("Has anyone got a policy for long allotments waiting lists?", "service/510"),
    ("Our drain and gully clearance contract ends in May. How do others specify it?", "service/555"),
    ("We want to review how people apply for dropped kerbs and who inspects them", "service/477"),
    ("looking for somebody who changed their road gritting routes last winter", "service/561"),
    ("Who has moved tree preservation orders to an online map?", "service/508"),
    ("Need help with a register of houses in multiple occupation", "service/716"),
    ("How are you running school admission appeals by video?", "service/705"),
    ("Pest control: has any council stopped charging for rats?", "service/431"),
    ("street lighting, dimming at night, what did residents say?", "service/564"),
    ("we have to consult on taxi ranks near the station", "service/786"),
)
ROLES = ("Officer", "Manager", "Team leader", "Head of service", "Adviser", "Coordinator")
CHATTER = (
    "Thank you all for a good meeting", "Minutes of the last call", "Does anybody use the new forms?",
    "We are short of staff until June", "Happy to share our template", "See you in Leeds",
)  # fmt: skip


@dataclass
class Person:
    """Somebody as they were drawn: what they say of themselves, and what they wrote."""

    id: ActorId
    host: str
    role: str
    offers: tuple[str, ...]
    bio: str
    wrote: list[str]


class Network:
    """What was drawn."""

    def __init__(self, hosts: Iterable[str], services: dict[str, Service], now: datetime, seed: int) -> None:
        self.rng = random.Random(seed)
        self.hosts = self.rng.sample(sorted(hosts), COUNCILS)
        self.services = services
        self.now = now
        self._last = at(now - timedelta(days=300))
        self.people: dict[ActorId, Person] = {}
        self.planted: dict[str, ActorId] = {}

    def _id(self) -> int:
        self._last += 1 << 30  # some 16 seconds later
        return self._last

    async def grow(self, store: Store, me: ActorId) -> None:
        """Put all of it into a node's rows; ``me`` belongs to some of the communities."""
        groups = [ActorId(self._id()) for _ in range(COMMUNITIES)]
        await store.write(self._communities, groups, me)
        drawn = [self._person((service,)) for _, service in NEEDS]
        self.planted = {service: one.id for (_, service), one in zip(NEEDS, drawn, strict=True)}
        ids = sorted(self.services)
        drawn += [
            self._person(tuple(self.rng.sample(ids, self.rng.randrange(4))))
            for _ in range(PEOPLE - len(drawn))
        ]
        for start in range(0, len(drawn), STEP):
            await store.write(self._put, drawn[start : start + STEP])
        for _, service in NEEDS:
            await store.write(self._answer, self.planted[service], service, groups)
        for _ in range(POSTS // STEP):
            await store.write(self._chat, groups)

    def _person(self, offers: tuple[str, ...]) -> Person:
        rng = self.rng
        role = f"{rng.choice(ROLES)}"
        bio = f"Works for {rng.choice(self.hosts)}. {self._label(rng.choice(sorted(self.services)))}."
        return Person(ActorId(self._id()), rng.choice(self.hosts), role, offers, bio, [])

    def _label(self, service: str) -> str:
        return self.services[service].label

    async def _communities(self, tx: Transaction, groups: list[ActorId], me: ActorId) -> None:
        for number, group in enumerate(groups):
            about = self._label(self.rng.choice(sorted(self.services)))
            await self._add(
                tx, group, self.hosts[number], f"c{number}", "Group", display_name=about, findable="public"
            )
            if number % 8 == 0:
                uri = f"https://kent.example/activities/{group}"
                await follows.add(
                    tx,
                    NewFollow(
                        id=self._id(), follower_id=me, target_id=group, uri=uri, requested_at=self.now,
                        accepted_at=self.now,
                    ),
                )  # fmt: skip

    async def _put(self, tx: Transaction, some: list[Person]) -> None:
        for one in some:
            practice = text_of(Practice(role=one.role, offers=one.offers))
            await self._add(
                tx, one.id, one.host, f"p{one.id}", "Person", findable="nodes", indexable=True,
                summary=f"<p>{one.bio}</p>", practice=practice,
            )  # fmt: skip
            self.people[one.id] = one

    async def _add(
        self, tx: Transaction, row: ActorId, host: str, handle: str, kind: str, **given: Any
    ) -> None:
        await actors.upsert(tx, new_actor(handle, host, kind=kind, **given), actor_id=row)

    async def _answer(self, tx: Transaction, author: ActorId, service: str, groups: list[ActorId]) -> None:
        """Let who was planted answer twice what others asked, and be thanked."""
        for _ in range(2):
            text = f"What worked for us in {self._label(service)}: ask early, write it down."
            post = await self._write(tx, author, text, self.rng.choice(groups))
            for fan in self.rng.sample(sorted(self.people), 3):
                await likes.add(tx, self._id(), fan, post, None)

    async def _chat(self, tx: Transaction, groups: list[ActorId]) -> None:
        for _ in range(STEP):
            text = self.rng.choice(CHATTER)
            if self.rng.random() < 0.5:
                text = f"{text}: {self._label(self.rng.choice(sorted(self.services)))}"
            await self._write(tx, self.rng.choice(sorted(self.people)), text, self.rng.choice(groups))

    async def _write(self, tx: Transaction, author: ActorId, text: str, group: ActorId) -> PostId:
        one = self.people[author]
        new = new_post(
            author,
            host=one.host,
            post_id=self._id(),
            content=f"<p>{text}</p>",
            community_id=group,
            published_at=self.now,
        )
        await posts.add(tx, new)
        one.wrote.append(text)
        return PostId(new.id)
