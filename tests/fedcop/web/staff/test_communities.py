"""The list of communities."""

from storage.actors import Actor
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.conftest import Browser


async def test_strangers_see_the_public_ones_and_staff_all_of_this_node(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    await browser.council.community("closed", ada, visibility="members")

    stranger = (await browser.get("/communities")).text
    await browser.sign_in("ada")
    colleague = (await browser.get("/communities")).text

    assert "/communities/drainage" in stranger
    assert "/communities/closed" not in stranger
    assert "/communities/closed" in colleague
    assert "Only members read it." in colleague


async def test_those_elsewhere_to_which_one_belongs_are_listed_too(browser: Browser, ada: Actor) -> None:
    scene = Scene(browser.council.node)
    roads = await scene.remote("roads", "lemmy.example", type="Group")
    await scene.joined(ada, roads, accepted=False)
    await browser.sign_in("ada")
    assert "roads@lemmy.example" not in (await browser.get("/communities")).text

    await scene.joined(await scene.actor(ada.id), await scene.remote("paths", "lemmy.example", type="Group"))

    assert 'href="/communities/paths@lemmy.example"' in (await browser.get("/communities")).text
