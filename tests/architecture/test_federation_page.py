"""FEDERATION.md has the form of FEP-67ff, and says of activities what the code does."""

import ast
import re

from fedcop.receive.dispatch import RECEIVERS
from tests.architecture.sources import ROOT

PAGE = (ROOT / "FEDERATION.md").read_text("utf-8")
MADE_BY = ("_activity", "_about", "_echo", "_moderation")


def _table() -> dict[str, tuple[str, str]]:
    """Give what the page says is sent and understood of each activity; empty for nothing."""
    said: dict[str, tuple[str, str]] = {}
    for line in PAGE.partition("| activity | sent | understood |")[2].partition("\n\n")[0].splitlines()[2:]:
        names, sent, understood = (cell.strip() for cell in line.strip().strip("|").split(" | "))
        for name in re.findall(r"`(\w+)`", names):
            said[name] = (sent.removeprefix("-"), understood.removeprefix("-"))
    return said


def _made() -> set[str]:
    """Give the types of the activities that ``as2/activities.py`` makes."""
    tree = ast.parse((ROOT / "fedcop/as2/activities.py").read_text("utf-8"))
    calls = [call for call in ast.walk(tree) if isinstance(call, ast.Call)]
    made = [call.args[1] for call in calls if isinstance(call.func, ast.Name) and call.func.id in MADE_BY]
    return {str(kind.value) for kind in made if isinstance(kind, ast.Constant)}


def test_the_page_has_the_form_that_its_proposal_asks_for() -> None:
    headings = re.findall(r"^##? (.+)$", PAGE, re.MULTILINE)
    assert headings == [
        "Federation",
        "Supported federation protocols and standards",
        "Supported FEPs",
        "ActivityPub",
        "Additional documentation",
    ]


def test_everything_understood_is_listed_and_everything_listed_is_understood() -> None:
    listed = {name for name, (_, understood) in _table().items() if understood}
    # An Announce is opened before anything is dispatched.
    assert listed == {*RECEIVERS, "Announce"}


def test_everything_sent_is_listed_and_everything_listed_is_sent() -> None:
    assert {name for name, (sent, _) in _table().items() if sent} == _made()
