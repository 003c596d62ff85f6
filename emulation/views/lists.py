"""What every list of rows does: cut it into pages, order it, keep the address shareable."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
Q = TypeVar("Q", bound=QuerySet[Any])
PER_PAGE = 30


def page_of(
    request: HttpRequest, rows: QuerySet[M], per_page: int = PER_PAGE
) -> tuple[Page[M], str]:
    """The page asked for by `trang`, and the rest of the address for the links to other pages."""
    page = Paginator(rows, per_page).get_page(request.GET.get("trang"))
    return page, address_without(request, "trang")


def sorted_by(
    request: HttpRequest, rows: Q, orders: Mapping[str, tuple[str, ...]]
) -> tuple[Q, str]:
    """Rows as `xep` asks ("key", or "-key" for descending) and that key; unknown keys count not."""
    asked = request.GET.get("xep", "")
    fields = orders.get(asked.removeprefix("-"))
    if fields is None:
        return rows, ""
    down = asked.startswith("-")
    return rows.order_by(*(f"-{f}" if down else f for f in fields), "pk"), asked


def address_without(request: HttpRequest, *names: str) -> str:
    """The parameters of the address but for `names`, encoded."""
    kept = request.GET.copy()
    for name in names:
        kept.pop(name, None)
    return kept.urlencode()
