"""The service list as the esd standards publish it."""

import os
from pathlib import Path

import pytest

from fedcop.actions import service_file
from fedcop.errors import Invalid

SHARED = Path(os.environ.get("FEDCOP_SHARED", "../shared")) / "data"


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs FEDCOP_SHARED")
def test_the_published_lists_are_read_whole() -> None:
    functions = service_file.read((SHARED / "esd_functions.csv").read_text("utf-8-sig"))
    services = service_file.read((SHARED / "esd_services_lgsl.csv").read_text("utf-8-sig"))
    assert (len(functions), len(services)) == (113, 1519)
    assert sum(row.function is None for row in functions) == 13


def test_a_list_without_end_is_refused() -> None:
    rows = "".join(f"{n},Label,Service\n" for n in range(service_file.MOST + 1))
    with pytest.raises(Invalid, match="more than 20000 rows"):
        service_file.read(f"Identifier,Label,Type\n{rows}")


def test_a_label_is_one_line_without_tricks() -> None:
    (row,) = service_file.read('Identifier,Label,Type\n7,"Par\u202eking\n permits",Service\n')
    assert row.label == "Parking permits"
