"""The table: which test stands in which cell, and why a cell is empty.

@cell("Lock, Undo Lock", IN_HOST)
async def test_...(scene: Scene) -> None: ...
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

IN_HOST, IN_GUEST, OUT_HOST, OUT_GUEST = COLUMNS = (
    "in as host",
    "in as guest",
    "out as host",
    "out as guest",
)

# The rows of federation.md 1.7, and below them what hosts and guests say to each other besides.
ROWS = (
    "Create Page",
    "Create Note (reply)",
    "Update Page, Note",
    "Update Group",
    "Delete by the author",
    "Delete by a facilitator",
    "Undo Delete",
    "Like, Undo Like",
    "Dislike, Undo Dislike",
    "Lock, Undo Lock",
    "ChooseAnswer, Undo ChooseAnswer",
    "Add, Remove featured",
    "Add, Remove facilitators",
    "Block, Undo Block",
    "Flag",
    "Create Note (vote)",
    "Follow",
    "Accept, Reject of a Follow",
    "Undo Follow",
    "Announce of several",
    "Reject of a Create",
    "Offer of a Follow, its answer",
)

EMPTY = {
    ("Dislike, Undo Dislike", OUT_GUEST): "nobody dislikes at fedcop: no client offers it",
    ("Follow", OUT_HOST): "a community follows nobody",
    ("Undo Follow", OUT_HOST): "a community follows nobody",
    ("Announce of several", OUT_HOST): "only PieFed and fedcop read it (FEP-1a11)",
    ("Announce of several", OUT_GUEST): "only a community announces activities",
    ("Reject of a Create", OUT_GUEST): "only a community refuses posts",
}

PAGE = Path(__file__).parents[2] / "FEDERATION.md"
BEGIN, END = "<!-- matrix -->", "<!-- end of matrix -->"

Test = TypeVar("Test", bound=Callable[..., Any])
CELLS: dict[tuple[str, str], str] = {}


def cell(row: str, column: str) -> Callable[[Test], Test]:
    """Put a test into a cell; there is one for each."""
    assert row in ROWS, row
    assert column in COLUMNS, column
    assert (row, column) not in CELLS, f"{row}, {column} has a test"

    def put(test: Test) -> Test:
        CELLS[row, column] = test.__name__
        return test

    return put


def sentence(row: str, column: str) -> str:
    """Give what a cell's test shows, in words, or why there is none."""
    reason = EMPTY.get((row, column))
    if reason is not None:
        return f"*none: {reason}*"
    return CELLS[row, column].removeprefix("test_").replace("_", " ")


def text() -> str:
    """Give the table as it stands in FEDERATION.md."""
    lines = [f"| activity | {' | '.join(COLUMNS)} |", "|---" * (len(COLUMNS) + 1) + "|"]
    lines += [f"| {row} | {' | '.join(sentence(row, column) for column in COLUMNS)} |" for row in ROWS]
    return "\n".join(lines)


def written(page: str) -> str:
    """Give a page with the table as it is now between its markers."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{text()}\n{END}{after}"
