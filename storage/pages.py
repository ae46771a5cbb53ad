"""A page of rows by id, as clients ask for it: ``max_id``, ``since_id``, ``min_id`` and ``limit``.

    PAGE = f"SELECT ... WHERE f.target_id = :target AND {pages.where('f.id')}"
    rows = await read.all(Follow, pages.text(PAGE, page), target=target, **pages.parameters(page))
    return pages.ordered(rows, page)

``since_id`` gives the newest rows above it, ``min_id`` the oldest: that page is read upwards and turned
round afterwards, so rows always come newest first.
"""

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_HIGHEST = (1 << 63) - 1


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows are asked for."""

    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None
    limit: int = 20

    @property
    def turned(self) -> bool:
        """Tell whether rows are read from the oldest up."""
        return self.min_id is not None


def where(column: str) -> str:
    """Give the end of a statement: a condition on an id that an index serves, order and limit."""
    return f"{column} < :before_id AND {column} > :after_id ORDER BY {column} :order LIMIT :limit"


def text(sql: str, page: Page) -> str:
    """Give the statement for the direction of a page: ``:order`` stands for ASC or DESC."""
    return sql.replace(":order", "ASC" if page.turned else "DESC")


def parameters(page: Page) -> dict[str, Any]:
    """Give what ``where`` names; an id out of range asks for what there can be."""
    return {
        "before_id": _HIGHEST if page.max_id is None else _held(page.max_id),
        "after_id": max(_held(page.since_id or 0), _held(page.min_id or 0)),
        "limit": page.limit,
    }


def ordered(rows: list[T], page: Page) -> list[T]:
    """Give the rows newest first."""
    return rows[::-1] if page.turned else rows


def _held(row_id: int) -> int:
    return min(max(row_id, 0), _HIGHEST)
