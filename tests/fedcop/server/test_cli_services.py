"""``fedcop services`` and ``fedcop councils``."""

from pathlib import Path

import pytest

from tests.fedcop.server.conftest import CommandLine

FUNCTIONS = "Identifier,Label,Type,Parent identifiers\n110,Parking,Function,105\n41,Utilities,Function,30\n"
SERVICES = "Identifier,Label,Description,Type\n474,Parking permits,For residents,Service\n"
REGISTER = (
    "name,homepage_url,slug,gss,tier_id,country_name\n"
    "Powys County Council,https://www.powys.gov.uk,powys,W06000023,3,Wales\n"
    "Kent County Council,https://www.kent.gov.uk,kent,E10000016,1,England\n"
)
DATED = (
    "official-name,gss-code,local-authority-type,end-date,local-authority-code,nation,gov-uk-slug\n"
    "Powys County Council,W06000023,WPA,,POW,Wales,powys\n"
    "Radnorshire District Council,W07000001,NMD,1996-03-31,RAD,Wales,radnor\n"
)
LABELS = "local-authority-code,label\nPOW,Wales; Sparse and rural\nZZZ,Urban\n"
WELSH = "principal-local-authority,official-name-cy\nPOW,Cyngor Sir Powys\n"


def _file(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def test_the_service_list_is_brought_in(kent_line: CommandLine) -> None:
    files = [
        _file(kent_line.folder, "functions.csv", f"\ufeff{FUNCTIONS}"),
        _file(kent_line.folder, "services.csv", SERVICES),
    ]
    first = kent_line.json("services", "import", *files)
    assert first["read"] == 3
    assert kent_line.json("services", "import", *files) == first


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "found columns nothing; wanted Identifier, Label, Type"),
        ("a,b\n1,2\n", "found columns a, b; wanted Identifier, Label, Type"),
        ("Identifier,Label,Type\n1,Parking,Thing\n", "line 2: found the type 'Thing', wanted Function or"),
        ("Identifier,Label,Type\n1, ,Service\n", "line 2: has no label"),
        ("Identifier,Label,Type\n²,Parking,Service\n", "line 2: found '²', wanted a number of the list"),
        ("Identifier,Label,Type\n1\n", "line 2: found the type ''"),
    ],
)
def test_a_file_of_another_form_changes_nothing(kent_line: CommandLine, text: str, told: str) -> None:
    good = _file(kent_line.folder, "good.csv", SERVICES)
    assert told in kent_line.refused("services", "import", good, _file(kent_line.folder, "x.csv", text))
    empty = _file(kent_line.folder, "none.csv", "Identifier,Label,Type\n")
    before = kent_line.json("services", "import", empty)["held"]
    assert kent_line.json("services", "import", good)["held"] == before + 1


def test_the_register_of_councils_is_brought_in_and_bound(kent_line: CommandLine) -> None:
    files = [
        _file(kent_line.folder, f"{n}.csv", text)
        for n, text in enumerate((REGISTER, DATED, LABELS, WELSH))
    ]  # fmt: skip
    done = kent_line.json("councils", "import", *files)
    assert done == {"councils": 2, "hosts": 2, "labelled": 1, "welsh": 1}
    told = kent_line.done("councils", "bind", "w06000023", "learn.powys.example")
    assert told == "learn.powys.example is of Powys County Council\n"
    powys = kent_line.json("councils", "list")[1]
    assert powys["hosts"] == ["learn.powys.example", "powys.gov.uk"]
    assert "is not of" in kent_line.done("councils", "bind", "W06000023", "learn.powys.example", "--remove")
    assert "found no host" in kent_line.refused(
        "councils", "bind", "W06000023", "learn.powys.example", "--remove"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("bind", "X1", "powys.example"), "found no council 'X1'"),
        (("bind", "W06000023", "pow ys"), "found 'pow ys'"),
    ],
)
def test_what_cannot_be_bound_is_refused_in_one_line(
    kent_line: CommandLine, arguments: tuple[str, ...], told: str
) -> None:
    assert told in kent_line.refused("councils", *arguments)


def test_without_a_register_nothing_is_brought_in(kent_line: CommandLine) -> None:
    labels = _file(kent_line.folder, "labels.csv", LABELS)
    assert "found no register of councils" in kent_line.refused("councils", "import", labels)
    assert "No such file" in kent_line.refused("councils", "import", str(kent_line.folder / "absent.csv"))
    assert kent_line.json("councils", "list") == []
