"""A community asks people who may know, when an ask of theirs stays silent: by the clock, by hand, passed on.

    await refer.begin(node, ask_id)                               starts the clock of a new ask
    await refer.take_step(node, escalation)                       the step that is due
    await refer.by_hand(node, facilitator, ask_id, person)        a facilitator refers it
    obstacle = await refer.pass_on(node, referral, person)        whoever was asked names another
    await refer.replace(node, referral)                           they pass, so the next one is asked

Whom and when is ``fedcop.knowledge.route``'s to say. Who is asked gets a direct note with a mark
(``as2.referrals``); that they were is a row written with it, and the bounds are asked again there.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from fedcop.actions import experts, letter
from fedcop.actions.experts import Around
from fedcop.actions.letter import Letter
from fedcop.content import letters, when
from fedcop.errors import Invalid, NotFound
from fedcop.knowledge import route
from fedcop.knowledge.route import Candidate, Chosen, Reason, Taken
from fedcop.knowledge.working_time import LONDON
from fedcop.node import Node
from fedcop.policy import membership
from storage import accounts, actors, asks, escalations, referrals, routed, service_list
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.escalations import Escalation
from storage.ids import ActorId, PostId, RowId
from storage.referrals import Referral
from storage.routed import Routed
from storage.visible import SYSTEM

MOST_ASKED = 12  # people for one ask, whoever passes
BEGINS_WITHIN = timedelta(days=30)  # what was asked before its community had a clock is left in peace


class _Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A routed ask ready to be sent; ``here``: to somebody of this node."""

    referral: Referral
    sent: Letter
    here: bool


class _Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is done about an ask: whom to ask and to tell; of a step of the clock, when the next is due."""

    ask_id: PostId
    step: str
    asking: list[_Asking]
    told: list[Letter]
    passed_over: dict[str, int]
    row_id: RowId
    at: datetime
    by_clock: bool = False
    due_at: datetime | None = None


async def begin(node: Node, ask_id: PostId) -> bool:
    """Start the clock of an ask in a community of ours; False for one that is closed, or whose clock runs."""
    found = await node.store.scan(experts.around, ask_id, node.clock.now())
    if found is None:
        return False
    _, due_at = route.schedule(found.ask.asked_at, found.nation)[0]
    new = Escalation(ask_id, found.community.id, found.nation, found.ask.asked_at, None, None, due_at)
    return await node.store.write(escalations.begin, new)


async def take_step(node: Node, escalation: Escalation) -> None:
    """Take the step of an ask that is due; its clock stops when it was answered, or is closed or gone."""
    now = node.clock.now()
    found = await node.store.scan(experts.around, escalation.post_id, now)
    taken = _taken(escalation)
    following = route.next_step(escalation.asked_at, escalation.nation, taken)
    if found is None or found.ask.state != "open" or following is None:
        await node.store.write(escalations.stop, escalation.post_id)
        return
    step = following[0]
    choice = route.choose(found.need, found.candidates, step, now, seed=node.uris.base_url)
    asking = [await _asking(node, found, one, step) for one in choice.chosen]
    done = Taken(step=step, at=now, empty=step in route.RINGS and not asking)
    after = route.next_step(escalation.asked_at, escalation.nation, done)
    plan = _Plan(
        ask_id=escalation.post_id,
        step=step,
        asking=asking,
        told=[
            *(await _reminders(node, found, step) if step not in route.RINGS else ()),
            *await _news(node, found, step, len(asking), after[1] if after else now),
        ],
        passed_over={str(name): number for name, number in choice.passed_over.items()},
        row_id=RowId(node.ids.next(now)),
        at=now,
        by_clock=True,
        due_at=after[1] if after else None,
    )
    await node.store.write(_carry_out, node, plan)


def _taken(escalation: Escalation) -> Taken | None:
    if escalation.step is None or escalation.step_at is None:
        return None
    return Taken(step=escalation.step, at=escalation.step_at)


async def _carry_out(tx: Transaction, node: Node, plan: _Plan) -> int:
    """Do what was planned, as far as it still may be done, and keep what was; give how many were asked."""
    ask = await asks.find(tx, SYSTEM, plan.ask_id)
    if ask is None or ask.state not in (("open",) if plan.by_clock else experts.OPEN):
        await escalations.stop(tx, plan.ask_id)
        return 0
    if plan.by_clock and not await escalations.move(tx, plan.ask_id, plan.step, plan.at, plan.due_at):
        return 0
    for one in plan.told:
        await letter.add(tx, node, one)
    asked = 0
    for asking in plan.asking:
        asked += await _ask(tx, node, asking, plan.at)
    await escalations.add_step(
        tx, plan.row_id, plan.ask_id, step=plan.step, asked=asked, passed_over=plan.passed_over, at=plan.at
    )
    return asked


async def _ask(tx: Transaction, node: Node, one: _Asking, at: datetime) -> bool:
    """Send a routed ask, unless the person was asked enough since it was made ready."""
    new, since = one.referral, at - route.WEEK
    if one.here and len(await routed.asked_since(tx, [new.person_id], since)) >= route.MOST_A_WEEK:
        return False
    if not await referrals.add(tx, new, most=route.MOST_A_WEEK, since=since):
        return False
    await letter.add(tx, node, one.sent)
    if one.here:
        row = Routed(new.note_id, new.person_id, new.community_id, new.post_id, at)
        await routed.add(tx, row, most=route.MOST_A_WEEK, since=since)
    return True


async def _asking(
    node: Node, found: Around, one: Chosen, step: str, *, by: Actor | None = None, why: str = ""
) -> _Asking:
    """Write to somebody that they are asked; ``why`` names the text that says so in the place of reasons."""
    person = await node.store.read(actors.find, SYSTEM, ActorId(one.person))
    assert person is not None, "candidates are rows of actors"
    language = await node.store.read(language_of, person, found.post.language)
    asker, name = name_of(found.asker), name_of(found.community)
    reasons = [(reason.kind, reason.about, reason.times) for reason in one.reasons]
    because = (
        letters.say(why, language, by=name_of(by), asker=asker, community=name)
        if by is not None
        else letters.because(_labelled(found, one.reasons, language), language)
    )
    text = letters.say(
        "asked",
        language,
        asker=asker,
        community=name,
        title=found.post.title,
        url=found.post.url,
        why=because,
    )
    sent = await letter.prepare(
        node, found.community, [person], text, language=language, refers=found.post.uri
    )
    now = node.clock.now()
    referral = Referral(
        RowId(node.ids.next(now)), found.ask.post_id, found.community.id, person.id, sent.new.id, step,
        by.id if by else None, referrals.reasons_of(reasons), now,
    )  # fmt: skip
    return _Asking(referral=referral, sent=sent, here=person.local)


def _labelled(found: Around, reasons: Sequence[Reason], language: str) -> Iterable[tuple[str, str, int]]:
    for reason in reasons:
        service = found.services.get(reason.about)
        label = service_list.label_of(service, language) if service else reason.about
        yield reason.kind, label, reason.times


def name_of(actor: Actor) -> str:
    """Give how somebody is called in a note."""
    return actor.display_name or actor.handle


async def language_of(read: Reader, person: Actor, otherwise: str | None) -> str:
    """Give the language in which to write to somebody: that of their pages here, elsewhere the ask's."""
    account = await accounts.find(read, person.id) if person.local else None
    return letters.language_of(account.locale if account else otherwise)


async def _reminders(node: Node, found: Around, step: str) -> list[Letter]:
    """Tell each facilitator that nobody answers; whoever asked is none of those who must act."""
    told = []
    for person in found.facilitators:
        if person.id == found.asker.id:
            continue
        language = await node.store.read(language_of, person, found.post.language)
        text = letters.say(
            step,
            language,
            asker=name_of(found.asker),
            title=found.post.title,
            url=found.post.url,
            page=f"{node.uris.base_url}/facilitate/{found.community.handle}/asks",
            asked=len(found.asked),
        )
        told.append(await letter.prepare(node, found.community, [person], text, language=language))
    return told


async def _news(node: Node, found: Around, step: str, asking: int, until: datetime) -> list[Letter]:
    """Tell the asker what happened, in numbers, and what comes next: people were asked, or nobody can be."""
    asked = asking if step in route.RINGS else len(found.asked)
    if step == "facilitator" or (step in route.RINGS and not asking):
        return []
    language = await node.store.read(language_of, found.asker, found.post.language)
    text = letters.say(
        f"told_{step}" if asked else "told_nobody",
        language,
        title=found.post.title,
        url=found.post.url,
        asked=asked,
        when=f"{when.day(until.astimezone(LONDON).date(), language)}, {until.astimezone(LONDON):%H:%M}",
    )
    return [await letter.prepare(node, found.community, [found.asker], text, language=language)]


async def by_hand(node: Node, facilitator: Actor, ask_id: PostId, person: Actor) -> None:
    """Ask somebody whom a facilitator chose; refused with the reason if they may not be asked."""
    found = await node.store.scan(experts.around, ask_id, node.clock.now(), [person.id])
    if found is None:
        raise NotFound("there is no open ask of that id")
    standing = await node.store.read(
        membership.standing_of, found.community, facilitator.id, node.clock.now()
    )
    membership.ensure_facilitates(standing, found.community.handle)
    against = await _proposed(node, found, person.id, step="hand", by=facilitator, why="by_hand")
    if against is not None:
        raise Invalid(person=letters.OBSTACLES[against]["en"])


async def pass_on(node: Node, referral: Referral, by: Actor, person: Actor) -> str | None:
    """Ask somebody whom another named in their place; give what speaks against it, if anything does."""
    found = await node.store.scan(experts.around, referral.post_id, node.clock.now(), [person.id])
    if found is None:
        return "unknown"
    return await _proposed(node, found, person.id, step="passed", by=by, why="passed")


async def _proposed(
    node: Node, found: Around, person_id: ActorId, *, step: str, by: Actor, why: str
) -> str | None:
    now = node.clock.now()
    candidate = _candidate(found, person_id)
    if candidate is None:
        return "unknown"
    against = route.obstacle(found.need, candidate, now)
    if against is None and len(found.asked) >= MOST_ASKED:
        against = "asked"
    if against is not None:
        return against
    reasons = route.reasons_for(found.need, candidate)
    chosen = Chosen(person=person_id, council=candidate.council, score=0.0, reasons=reasons)
    asking = await _asking(node, found, chosen, step, by=by, why=why)
    return None if await _ask_one(node, asking) else "busy"


async def _ask_one(node: Node, asking: _Asking) -> int:
    now = node.clock.now()
    plan = _Plan(
        ask_id=asking.referral.post_id,
        step=asking.referral.step,
        asking=[asking],
        told=[],
        passed_over={},
        row_id=RowId(node.ids.next(now)),
        at=now,
    )
    return await node.store.write(_carry_out, node, plan)


def _candidate(found: Around, person_id: ActorId) -> Candidate | None:
    return next((one for one in found.candidates if one.person == person_id), None)


async def replace(node: Node, referral: Referral) -> None:
    """Ask the next best in the place of somebody who passed, if the clock asked them and there is one."""
    now = node.clock.now()
    found = await node.store.scan(experts.around, referral.post_id, now)
    step = next((ring for ring in route.RINGS if ring == referral.step), None)
    if found is None or found.ask.state != "open" or len(found.asked) >= MOST_ASKED or step is None:
        return
    choice = route.choose(found.need, found.candidates, step, now, seed=node.uris.base_url, most=1)
    for one in choice.chosen:
        await _ask_one(node, await _asking(node, found, one, step))
