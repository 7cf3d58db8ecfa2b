"""Requests and responses brought together, in whatever order a maker wrote them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from gvreader.warc import Fault, Record, bare

# Makers write the two beside each other, or nearly so; a request further away than this stays alone.
_MAX_WAITING: Final = 64


@dataclass(frozen=True, slots=True)
class Exchange:
    """A response or revisit record and the request record that belongs to it, if there is one."""

    response: Record
    request: Record | None


def exchanges(items: Iterable[Record | Fault]) -> Iterator[Exchange | Record | Fault]:
    """Responses and revisits with their requests; every other record, lone request and fault as it is.

    At most one response is held back, until the next one comes.
    """
    early: deque[Record] = deque()
    waiting: Record | None = None
    for item in items:
        if isinstance(item, Record) and item.type in ("response", "revisit"):
            if waiting:
                yield Exchange(waiting, None)
            request = next((one for one in early if _belong(one, item)), None)
            waiting = None if request else item
            if request:
                early.remove(request)
                yield Exchange(item, request)
        elif isinstance(item, Record) and item.type == "request":
            if waiting and _belong(item, waiting):
                yield Exchange(waiting, item)
                waiting = None
            else:
                early.append(item)
                if len(early) > _MAX_WAITING:
                    yield early.popleft()
        else:
            yield item
    if waiting:
        yield Exchange(waiting, None)
    yield from early


def _belong(request: Record, response: Record) -> bool:
    claims, counterclaims = _concurrent(request), _concurrent(response)
    if claims or counterclaims:
        return response.id in claims or request.id in counterclaims
    # Makers that link nothing: the same address at the same time.
    return all(
        request.fields.get(name) == response.fields.get(name) for name in ("WARC-Target-URI", "WARC-Date")
    )


def _concurrent(record: Record) -> set[str | None]:
    return {bare(value) for value in record.fields.all("WARC-Concurrent-To")}
