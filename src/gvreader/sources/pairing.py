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
class RecordPair:
    """A response or revisit record and the request record that belongs to it, if there is one."""

    response: Record
    request: Record | None


def exchanges(items: Iterable[Record | Fault]) -> Iterator[RecordPair | Record | Fault]:
    """Responses and revisits with their requests; every other record, lone request and fault as it is.

    At most one response is held back, until the next one comes.
    """
    early: deque[_Claimant] = deque()
    waiting: _Claimant | None = None
    for item in items:
        if isinstance(item, Record) and item.type in ("response", "revisit"):
            if waiting:
                yield RecordPair(waiting.record, None)
            response = _Claimant(item)
            request = next((one for one in early if _belong(one, response)), None)
            waiting = None if request else response
            if request:
                early.remove(request)
                yield RecordPair(item, request.record)
        elif isinstance(item, Record) and item.type == "request":
            one = _Claimant(item)
            if waiting and _belong(one, waiting):
                yield RecordPair(waiting.record, item)
                waiting = None
            else:
                early.append(one)
                if len(early) > _MAX_WAITING:
                    yield early.popleft().record
        else:
            yield item
    if waiting:
        yield RecordPair(waiting.record, None)
    yield from (one.record for one in early)


class _Claimant:
    """A record and what it says of others, read once however many it is compared with."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.id = record.id
        self.claims = {bare(value) for value in record.fields.all("WARC-Concurrent-To")}
        self.place = tuple(record.fields.get(name) for name in ("WARC-Target-URI", "WARC-Date"))


def _belong(request: _Claimant, response: _Claimant) -> bool:
    if request.claims or response.claims:
        return response.id in request.claims or request.id in response.claims
    # Makers that link nothing: the same address at the same time.
    return request.place == response.place
