"""A community's page."""

from fedcop.actions import moderate
from storage import memberships
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.conftest import Browser, hidden


async def test_the_newest_threads_are_shown_with_their_text(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    first = await browser.council.publish(
        ada, "@drainage Gullies on B roads\n\nHow often <b>do</b> you empty them?"
    )
    await browser.council.publish(ada, "@drainage Leaf fall")

    page = (await browser.get("/communities/drainage")).text

    assert page.index("Leaf fall") < page.index("Gullies on B roads")
    assert f'href="/posts/{first}"' in page
    assert "&lt;b&gt;do" in page
    assert (
        'rel="alternate" type="application/activity+json" href="https://kent.example/communities/drainage"'
        in page
    )


async def test_an_approval_only_community_says_so(browser: Browser, ada: Actor) -> None:
    await browser.council.community("emergency", ada, join_mode="approval")

    assert "A facilitator looks at each request" in (await browser.get("/communities/emergency")).text


async def test_a_community_without_posts_says_so(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)

    assert "Nothing has been written here yet." in (await browser.get("/communities/drainage")).text


async def test_what_is_no_community_is_not_found(browser: Browser, ada: Actor) -> None:
    assert (await browser.get("/communities/none")).status_code == 404
    assert (await browser.get("/communities/ada")).status_code == 404


async def test_a_server_gets_the_document_at_the_same_address(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)

    answer = await browser.http.get("/communities/drainage", headers={"accept": "application/activity+json"})

    assert answer.json()["id"] == "https://kent.example/communities/drainage"


async def test_a_colleague_joins_and_leaves_by_a_form(browser: Browser, ada: Actor) -> None:
    drainage = await browser.council.community("drainage", await browser.council.person("ben"))
    store, here = browser.council.node.store, "/communities/drainage"
    await browser.sign_in("ada")
    csrf = hidden(await browser.get(here))["csrf"]

    assert (await browser.post(here, csrf="odd", do="join")).status_code == 403
    assert not await store.read(memberships.is_member, drainage.id, ada.id)

    assert (await browser.post(here, csrf=csrf, do="join")).headers["location"] == here
    assert await store.read(memberships.is_member, drainage.id, ada.id)
    assert "You belong to this community." in (await browser.get(here)).text

    await browser.post(here, csrf=csrf, do="leave")
    assert not await store.read(memberships.is_member, drainage.id, ada.id)


async def test_whoever_asked_to_join_is_told_that_it_waits(browser: Browser, ada: Actor) -> None:
    await browser.council.community("emergency", await browser.council.person("ben"), join_mode="approval")
    await browser.sign_in("ada")
    form = hidden(await browser.get("/communities/emergency"))
    await browser.post("/communities/emergency", **form, do="join")

    assert "You asked to join." in (await browser.get("/communities/emergency")).text


async def test_a_last_facilitator_is_told_why_they_cannot_leave(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    await browser.sign_in("ada", wanted="/")
    form = hidden(await browser.get("/communities/drainage"))

    page = await browser.post("/communities/drainage", **form, do="leave")

    assert page.status_code == 403
    assert "hand it over first" in page.text


async def test_one_for_members_is_known_to_staff_and_read_by_members(browser: Browser, ada: Actor) -> None:
    ben = await browser.council.person("ben")
    await browser.council.community("planning", ben, visibility="members")
    await browser.council.publish(ben, "@planning A quiet word")
    assert (await browser.get("/communities/planning")).status_code == 404

    await browser.sign_in("ada")
    page = (await browser.get("/communities/planning")).text
    assert "A quiet word" not in page

    await browser.post(
        "/communities/planning", **hidden(await browser.get("/communities/planning")), do="join"
    )
    assert "A quiet word" in (await browser.get("/communities/planning")).text


async def test_one_of_another_council_has_its_page_for_staff_only(browser: Browser, ada: Actor) -> None:
    scene = Scene(browser.council.node)
    await scene.remote("roads", "lemmy.example", type="Group")
    await scene.remote("shut", "lemmy.example", type="Group", approves=True)
    assert (await browser.get("/communities/roads@lemmy.example")).status_code == 404

    await browser.sign_in("ada")
    page = (await browser.get("/communities/roads@lemmy.example")).text
    assert "@roads@lemmy.example" in page
    assert "Everybody may join." in page
    assert "Only members read it." in (await browser.get("/communities/shut@lemmy.example")).text
    assert (await browser.get("/communities/roads@..")).status_code == 404


async def test_what_is_pinned_comes_first_and_only_once_further_on(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    pinned = await browser.council.publish(ada, "@drainage Rules")
    await browser.council.publish(ada, "@drainage Leaf fall")
    await moderate.pin(browser.council.node, ada, pinned)

    page = (await browser.get("/communities/drainage")).text

    assert page.index("Rules") < page.index("Leaf fall")
    assert "Pinned" not in (await browser.get(f"/communities/drainage?before={1 << 62}")).text
