"""The list of people who chose to be found."""

from typing import Any

from storage import councils, practices
from storage.actors import Actor
from storage.practices import Practice
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.conftest import Browser


async def test_strangers_sign_in_first(browser: Browser) -> None:
    answer = await browser.get("/people")

    assert (answer.status_code, answer.headers["location"]) == (302, "/sign-in?next=/people")


async def test_colleagues_of_a_shared_community_are_found_and_others_are_not(
    browser: Browser, ada: Actor
) -> None:
    drainage = await browser.council.community("drainage", ada)
    ben = await browser.council.person("ben")
    await browser.council.person("cal")
    await browser.council.follow(ben, drainage)
    await browser.sign_in("ada")

    page = (await browser.get("/people")).text

    assert '<a href="/people/ben"><bdi>Ben</bdi></a>' in page
    assert "/people/cal" not in page
    assert "/communities/drainage" not in page


async def _of_devon(browser: Browser, handle: str, host: str = "devon.example", **said: Any) -> None:
    names = {"function/110": "Parking", "function/68": "Homelessness"}
    practice = practices.text_of(Practice(role="Officer", names=names, **said))
    await Scene(browser.council.node).remote(handle, host, findable="nodes", practice=practice)


async def test_people_are_found_by_what_they_know_and_what_they_look_for(
    browser: Browser, ada: Actor
) -> None:
    await _of_devon(browser, "dan", offers=("function/110",))
    await _of_devon(browser, "eve", needs=("function/110",), offers=("function/68",))
    await browser.sign_in("ada")

    async def found(query: str) -> list[str]:
        page = (await browser.get(f"/people{query}")).text
        return [name for name in ("dan", "eve") if f'href="/people/{name}@devon.example"' in page]

    assert await found("") == ["dan", "eve"]
    assert await found("?service=function/110") == ["dan"]
    assert await found("?service=function/105&kind=offers") == ["dan"]  # which Parking lies below
    assert await found("?service=function/110&kind=needs") == ["eve"]
    assert await found("?service=function/110&kind=area") == []
    assert await found("?service=function/110&kind=<x>") == ["dan"]
    assert await found("?service=nothing") == []
    page = (await browser.get("/people?service=function/110")).text
    assert "Officer" in page
    assert "<bdi>Parking</bdi>" in page
    assert "Nobody who can be found fits" in (await browser.get("/people?service=x")).text


async def test_people_are_found_by_the_council_of_their_host(browser: Browser, ada: Actor) -> None:
    listed = [("E1", "Devon", "county", "England"), ("E2", "Adur", "", ""), ("E3", "Worthing", "", "")]
    hosts = [("devon.example", "E1"), ("essex.example", "E2"), ("essex.example", "E3")]
    await browser.council.node.store.write(councils.put, listed, hosts)
    await _of_devon(browser, "dan", offers=("function/110",), council="E3")
    await _of_devon(browser, "wes", "essex.example", council="E3")
    await _of_devon(browser, "abe", "essex.example")
    await browser.sign_in("ada")
    found = {}
    for code in ("E1", "E2", "E3"):
        page = (await browser.get(f"/people?council={code}")).text
        found[code] = [name for name in ("dan", "wes", "abe") if f'href="/people/{name}@' in page]
    assert found == {"E1": ["dan"], "E2": [], "E3": ["wes"]}
    page = (await browser.get("/people?council=E1")).text
    assert "· Devon" in page
    assert "· Worthing" not in page


async def test_a_long_list_goes_on_with_what_was_asked_for(browser: Browser, ada: Actor) -> None:
    for number in range(41):
        await _of_devon(browser, f"dan{number}", offers=("function/110",))
    await browser.sign_in("ada")
    first = (await browser.get("/people?service=function/110")).text
    assert "service=function/110&amp;kind=offers&amp;council=&amp;skip=40" in first
    rest = (await browser.get("/people?service=function/110&kind=offers&council=&skip=40")).text
    assert rest.count('class="card"') == 1
