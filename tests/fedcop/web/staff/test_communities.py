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


async def test_those_of_other_councils_are_listed_for_people_here_until_they_belong(
    browser: Browser, ada: Actor
) -> None:
    scene = Scene(browser.council.node)
    parks = await scene.remote("parks", "devon.example", type="Group", findable="nodes")
    await scene.remote("closed", "devon.example", type="Group", findable="nodes", approves=True)
    await scene.remote("hidden", "devon.example", type="Group", findable="hidden")
    await scene.remote("pat", "devon.example", findable="nodes")
    assert "parks" not in (await browser.get("/communities")).text, "to strangers nothing of others"
    await browser.sign_in("ada")
    listed = (await browser.get("/communities")).text
    assert "Communities of other councils" in listed
    assert [name for name in ("parks", "closed", "hidden", "pat") if f"{name}@devon.example" in listed] == [
        "parks"
    ]
    await scene.joined(ada, parks)
    assert "Communities of other councils" not in (await browser.get("/communities")).text


async def test_a_long_list_of_them_comes_in_pages(browser: Browser, ada: Actor) -> None:
    scene = Scene(browser.council.node)
    for number in range(41):
        await scene.remote(f"c{number:02}", "devon.example", type="Group", findable="nodes")
    await browser.sign_in("ada")
    first = (await browser.get("/communities")).text
    assert "c39@devon.example" in first
    assert "c40@devon.example" not in first
    assert "?skip=40" in first
    second = (await browser.get("/communities?skip=40")).text
    assert "c40@devon.example" in second
    assert "?skip=80" not in second
