"""The register of councils as it is published."""

import os
from pathlib import Path

import pytest

from fedcop.actions import council_list
from storage import councils
from tests.support.network import Council

SHARED = Path(os.environ.get("FEDCOP_SHARED", "../shared")) / "data"
FILES = (
    "local-authorities.csv",
    "mysociety_uk_local_authorities_current.csv",
    "mysociety_la_labels.csv",
    "principal-local-authority-wales-bilingual.csv",
)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs FEDCOP_SHARED")
async def test_the_published_registers_say_whose_a_host_is_and_who_is_alike(kent: Council) -> None:
    done = await council_list.take(kent.node, [(SHARED / name).read_text("utf-8") for name in FILES])
    assert done.councils >= 380
    assert done.labelled >= 370
    assert done.welsh == 22
    (listed,) = (await kent.node.store.read(councils.of_hosts, ["learn.powys.gov.uk"])).values()
    assert [(one.code, one.name_cy) for one in listed] == [("W06000023", "Cyngor Sir Powys")]
    assert "Sparse and rural" in councils.labels_of(listed[0])
