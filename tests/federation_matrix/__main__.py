"""Print the table and write it into FEDERATION.md: ``python -m tests.federation_matrix``."""

from tests.federation_matrix import (
    table,
    test_in_as_guest,
    test_in_as_host,
    test_out_as_guest,
    test_out_as_host,
)

COLUMNS = (test_in_as_host, test_in_as_guest, test_out_as_host, test_out_as_guest)

if __name__ == "__main__":
    assert all(column.__doc__ for column in COLUMNS)
    print(table.text())
    table.PAGE.write_text(table.written(table.PAGE.read_text("utf-8")), "utf-8")
