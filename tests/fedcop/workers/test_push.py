"""Clients are woken once for each thing that their people are told."""

from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import access, follow, own_post, post, report, token
from fedcop.actions.account import hash_of
from fedcop.actions.draft import Draft
from fedcop.content import webpush
from fedcop.mastodon.entities.notification import TYPES
from fedcop.workers import push
from storage import notifications, oauth
from storage import push as rows
from storage.actors import Actor
from storage.notifications import NewNotification
from tests.support.network import Council, Network

HOST = "web.push.apple.com"


class Service:
    """A push service that counts what it gets, and answers with a status."""

    def __init__(self) -> None:
        self.status = 201
        self.got: list[bytes] = []

    async def take(self, request: Request) -> Response:
        self.got.append(await request.body())
        return Response(status_code=self.status)


async def subscribed(network: Network, kent: Council, person: Actor, *alerts: str) -> tuple[Service, int]:
    service = Service()
    network.router.add(HOST, Starlette(routes=[Route("/send", service.take, methods=["POST"])]))
    secret = await token.create(kent.node, person.handle, scopes="push", app_name="x", by="test")
    bearer = await kent.node.store.read(oauth.find_token, hash_of(secret))
    assert bearer is not None
    await kent.node.store.write(
        rows.put,
        bearer.token_id,
        person.id,
        endpoint=f"https://{HOST}/send",
        p256dh=webpush._point(ec.derive_private_key(7, ec.SECP256R1()).public_key()),
        secret=b"s" * 16,
        standard=True,
        alerts=alerts or ("mention", "follow"),
        policy="all",
    )
    return service, bearer.token_id


async def settled(kent: Council) -> int:
    """Work until nothing is due."""
    looks = 0
    while done := await push.work(kent.node):
        looks += done
    return looks


async def test_each_thing_is_pushed_once(network: Network, kent: Council) -> None:
    ada, ben = await kent.person("ada"), await kent.person("ben")
    service, _ = await subscribed(network, kent, ada)
    assert await settled(kent) == 0
    await follow.follow(kent.node, ben, ada)
    await post.publish(kent.node, ben, Draft(text="@ada good morning"))
    await settled(kent)
    assert len(service.got) == 2
    assert await settled(kent) == 0
    await post.publish(kent.node, ben, Draft(text="@ada are you there?"))
    await settled(kent)
    assert len(service.got) == 3


async def test_what_is_not_wanted_or_gone_is_passed_over(network: Network, kent: Council) -> None:
    ada, ben = await kent.person("ada"), await kent.person("ben")
    service, _ = await subscribed(network, kent, ada, "mention")
    await follow.follow(kent.node, ben, ada)
    mistaken = await post.publish(kent.node, ben, Draft(text="@ada oh"))
    await own_post.delete(kent.node, ben, mistaken)
    await settled(kent)
    assert service.got == []


async def test_a_service_that_fails_is_tried_again_and_one_that_forgot_is_forgotten(
    network: Network, kent: Council
) -> None:
    ada, ben = await kent.person("ada"), await kent.person("ben")
    service, token_id = await subscribed(network, kent, ada)
    service.status = 503
    await follow.follow(kent.node, ben, ada)
    assert await settled(kent) == 1
    clock: Any = kent.node.clock
    clock.move(timedelta(minutes=1))
    service.status = 410
    await settled(kent)
    assert len(service.got) == 2
    assert await kent.node.store.read(rows.find, token_id) is None


async def test_a_service_that_never_answers_well_is_given_up(network: Network, kent: Council) -> None:
    ada, ben = await kent.person("ada"), await kent.person("ben")
    service, token_id = await subscribed(network, kent, ada)
    service.status = 500
    await follow.follow(kent.node, ben, ada)
    clock: Any = kent.node.clock
    for _ in range(30):
        await push.work(kent.node)
        clock.move(timedelta(hours=1.5))
    assert await kent.node.store.read(rows.find, token_id) is None


async def test_nobody_is_woken_for_old_news(network: Network, kent: Council) -> None:
    ada, ben = await kent.person("ada"), await kent.person("ben")
    service, _ = await subscribed(network, kent, ada)
    await follow.follow(kent.node, ben, ada)
    clock: Any = kent.node.clock
    clock.move(push.NEWS_FOR + timedelta(seconds=1))
    await settled(kent)
    assert service.got == []


async def test_there_are_words_for_every_kind_of_thing_that_somebody_is_told() -> None:
    assert push.TITLES.keys() == TYPES.keys()


async def test_a_report_wakes_who_is_to_decide_it(network: Network, kent: Council) -> None:
    ada, ben, cai = [await kent.person(name) for name in ("ada", "ben", "cai")]
    makers = await kent.community("makers", ada)
    await follow.follow(kent.node, ben, makers)
    post_id = await kent.publish(ben, "@makers Nonsense")
    service, _ = await subscribed(network, kent, ada, "report")
    await report.report(kent.node, cai, ben, post_ids=[post_id])
    await settled(kent)
    assert len(service.got) == 1


async def test_what_a_fault_of_ours_meets_is_put_off_like_a_failure(network: Network, kent: Council) -> None:
    ada, ben = await kent.person("ada"), await kent.person("ben")
    service, _ = await subscribed(network, kent, ada, "unheard")
    now = kent.node.clock.now()
    odd = NewNotification(
        id=kent.node.ids.next_notification(now),
        actor_id=ada.id,
        type="unheard",
        by_actor=ben.id,
        post_id=None,
        target_id=None,
        created_at=now,
    )
    await kent.node.store.write(notifications.add, odd)
    assert await settled(kent) == 1
    assert service.got == []


async def test_a_service_that_answers_at_last_is_kept(network: Network, kent: Council) -> None:
    ada, ben = await kent.person("ada"), await kent.person("ben")
    service, token_id = await subscribed(network, kent, ada)
    service.status = 500
    await follow.follow(kent.node, ben, ada)
    clock: Any = kent.node.clock
    for _ in range(push.MOST_FAILURES):
        held = await kent.node.store.read(rows.find, token_id)
        assert held is not None
        await kent.node.store.write(rows.put_off, held.id, kent.node.clock.now())
    service.status = 201
    clock.move(timedelta(seconds=1))
    await settled(kent)
    assert len(service.got) == 1
    held = await kent.node.store.read(rows.find, token_id)
    assert held is not None
    assert held.failures == 0


async def test_who_may_not_use_the_node_is_told_nothing_until_they_may(
    network: Network, kent: Council
) -> None:
    admin, ada, ben = [await kent.person(name) for name in ("root_admin", "ada", "ben")]
    service, _ = await subscribed(network, kent, ada)
    await access.disable(kent.node, admin, ada)
    await post.publish(kent.node, ben, Draft(text="@ada good morning"))
    assert await settled(kent) == 0
    assert service.got == []
    await access.enable(kent.node, admin, ada)
    await settled(kent)
    assert len(service.got) == 1
