"""Reports."""

from storage import reports
from storage.engine import Store
from storage.ids import PostId, RowId
from storage.reports import NewReport
from tests.storage import people
from tests.storage.people import NOON


async def test_a_report_is_stored_once_for_each_id(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    new = NewReport(
        id=RowId(people.new_id()),
        uri="https://york.example/flags/1",
        by_actor=ada,
        target_id=bea,
        community_id=None,
        comment="rude",
        posts=(PostId(3), PostId(5)),
        created_at=NOON,
    )
    assert await store.write(reports.add, new)
    again = NewReport(
        id=RowId(people.new_id()),
        uri=new.uri,
        by_actor=ada,
        target_id=bea,
        community_id=None,
        created_at=NOON,
    )
    assert not await store.write(reports.add, again)
    found = await store.read(reports.find, new.id)
    assert found is not None
    assert (found.comment, found.category, found.closed_at) == ("rude", "other", None)
    assert found.posts == "[3, 5]"
