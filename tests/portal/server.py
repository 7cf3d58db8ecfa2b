"""The portal with everything that tests want of it: any family, faults, a log of requests, and the truth.

with Replica(family="giavien", articles=120) as replica:
    ...  # replica.base_url, replica.requests, replica.site, replica.faults, replica.truth()
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from gvreader.demo.content import Corpus
from gvreader.demo.exchange import Ask, Line
from gvreader.demo.server import LocalPortal, wire_of
from gvreader.model import Article
from tests.portal.families import family as family_named
from tests.portal.faults import Faults
from tests.portal.hostile import poisoned


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One request as it came in, and the status it was answered with. `path` is as sent, query included."""

    at: datetime
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int


def _now() -> datetime:
    return datetime.now(UTC)


class Replica(LocalPortal):
    """A `LocalPortal` whose faults apply at once. With `hostile`, generated articles attack whoever shows them.

    `requests` is the log, kept with `keep_log`.
    """

    def __init__(
        self,
        *,
        family: str = "giavien",
        articles: int = 120,
        seed: int = 1,
        port: int = 0,
        hostile: bool = False,
        validators: bool = True,
        keep_log: bool = True,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.faults = Faults()
        self.requests: list[Logged] = []
        self._keep_log = keep_log
        corpus = Corpus(seed=seed, count=articles, poison=poisoned if hostile else None)
        super().__init__(
            corpus,
            family=lambda site: family_named(family, site),
            port=port,
            validators=validators,
            clock=clock,
        )

    def redesign(self, family: str) -> None:
        """Speak as another family from now on: the same articles in another markup, at other addresses."""
        self.family = family_named(family, self.site)

    def truth(self, origin: str | None = None) -> Iterator[Article]:
        """Every article served now, newest first, as a perfect reader would extract it; on `base_url` by default."""
        return (self.family.truth(piece, origin or self.base_url) for piece in self.site.pieces())

    def truth_of(self, number: int, origin: str | None = None) -> Article:
        """The truth about one article, by its record number; KeyError when it is not served."""
        piece = self.site.piece(number)
        if piece is None:
            raise KeyError(number)
        return self.family.truth(piece, origin or self.base_url)

    def static_truth(self, origin: str | None = None) -> Iterator[Article]:
        """The static pages, which have no date and no section."""
        return (self.family.truth(page, origin or self.base_url) for page in self.site.static_pages.values())

    def respond(self, ask: Ask, line: Line) -> None:
        """Answer, log and send as the fault in force says."""
        fault = self.faults.meet(ask.target)
        answer = fault.answer(ask, self.answer)
        if self._keep_log:
            self.requests.append(
                Logged(
                    at=datetime.now(UTC),
                    method=ask.method,
                    path=ask.target,
                    headers=ask.headers,
                    body=ask.body,
                    status=answer.status,
                )
            )
        wire = fault.wire(wire_of(answer, ask))
        if ask.method == "HEAD":
            wire.body = b""
        fault.send(wire, line)
