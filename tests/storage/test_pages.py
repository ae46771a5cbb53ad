"""A page of rows by id."""

from hypothesis import given
from hypothesis import strategies as st

from storage import pages
from storage.engine import Reader, Store
from storage.pages import Page

NUMBERS = f"""
WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 10)
SELECT id FROM n WHERE {pages.where("id")}
"""


async def numbers(read: Reader, page: Page) -> list[int]:
    return pages.ordered(await read.values(pages.text(NUMBERS, page), **pages.parameters(page)), page)


async def test_pages_come_newest_first(store: Store) -> None:
    async def page(**asked: int) -> list[int]:
        return await store.read(numbers, Page(limit=3, **asked))

    assert await page() == [10, 9, 8]
    assert await page(max_id=8) == [7, 6, 5]
    assert await page(since_id=5) == [10, 9, 8]
    assert await page(min_id=5) == [8, 7, 6]
    assert await page(max_id=7, min_id=5) == [6]
    assert await page(max_id=7, since_id=3) == [6, 5, 4]
    assert await page(max_id=1) == []


async def test_ids_out_of_range_ask_for_what_there_can_be(store: Store) -> None:
    assert await store.read(numbers, Page(limit=2, max_id=10**30)) == [10, 9]
    assert await store.read(numbers, Page(limit=2, min_id=10**30)) == []
    assert await store.read(numbers, Page(limit=2, since_id=-5)) == [10, 9]
    assert await store.read(numbers, Page(limit=2, max_id=-5)) == []


@given(st.integers(1, 4), st.sampled_from([None, 0, 3, 11]))
def test_a_page_asks_for_its_limit_in_its_direction(limit: int, min_id: int | None) -> None:
    page = Page(limit=limit, min_id=min_id)
    assert page.turned is (min_id is not None)
    assert ("ASC" in pages.text("ORDER BY id :order", page)) is page.turned
    assert pages.parameters(page)["limit"] == limit
