"""The table is whole, and FEDERATION.md shows it as it is."""

from tests.federation_matrix import (
    __main__ as command,
)
from tests.federation_matrix import (
    table,
)


def test_no_cell_is_empty_without_a_reason() -> None:
    wanted = {(row, column) for row in table.ROWS for column in table.COLUMNS}
    assert len(command.COLUMNS) == len(table.COLUMNS)
    assert wanted - table.CELLS.keys() - table.EMPTY.keys() == set()
    assert table.CELLS.keys() & table.EMPTY.keys() == set()


def test_the_page_shows_the_table_as_it_is() -> None:
    page = table.PAGE.read_text("utf-8")
    print(f"\n{table.text()}\n{len(table.CELLS)} cells, {len(table.EMPTY)} empty")
    assert table.written(page) == page, "write it anew: python -m tests.federation_matrix"
