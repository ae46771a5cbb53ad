"""The page on which somebody says whether, and when, they may be asked."""

from datetime import date

import pytest

from storage import availability
from storage.actors import Actor
from storage.availability import Availability
from tests.fedcop.web.conftest import Browser, hidden

HERE = "/settings/questions"


async def _held(browser: Browser, ada: Actor) -> Availability:
    return await browser.council.node.store.read(availability.find, ada.id)


async def test_whoever_is_not_signed_in_signs_in_first(browser: Browser) -> None:
    assert (await browser.get(HERE)).headers["location"] == f"/sign-in?next={HERE}"


async def test_somebody_stops_questions_and_allows_them_again(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    csrf = hidden(await browser.get(HERE))["csrf"]
    answer = await browser.post(HERE, csrf=csrf, asks="no")
    assert answer.headers["location"] == f"{HERE}?done"
    assert (await _held(browser, ada)).stopped_at is not None
    page = (await browser.get(f"{HERE}?done")).text
    assert "It is saved." in page

    await browser.post(HERE, csrf=csrf, asks="yes")
    assert await _held(browser, ada) == Availability(ada.id)


async def test_days_away_are_kept_and_shown(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    csrf = hidden(await browser.get(HERE))["csrf"]
    await browser.post(HERE, csrf=csrf, asks="yes", away_from="2026-06-01", away_until="2026-06-14")
    assert await _held(browser, ada) == Availability(ada.id, None, date(2026, 6, 1), date(2026, 6, 14))
    assert 'value="2026-06-14"' in (await browser.get(HERE)).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"away_until": "soon"}, "away_until"),
        ({"away_from": "2026-13-01", "away_until": "2026-06-14"}, "away_from"),
        ({"away_from": "2026-06-15", "away_until": "2026-06-14"}, "away_until"),
        ({"away_from": "2026-06-15"}, "away_until"),
    ],
)
async def test_what_is_no_span_of_days_is_refused_at_its_field(
    browser: Browser, ada: Actor, typed: dict[str, str], field: str
) -> None:
    await browser.sign_in("ada")
    csrf = hidden(await browser.get(HERE))["csrf"]
    answer = await browser.post(HERE, csrf=csrf, asks="yes", **typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert await _held(browser, ada) == Availability(ada.id)
