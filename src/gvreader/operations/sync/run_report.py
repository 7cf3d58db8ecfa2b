"""What a run has seen so far, and what that means in the end: tally, problems, exit code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final

from gvreader.errors import EXIT_DONE, EXIT_PARTIAL, LayoutChanged, PortalUnreachable
from gvreader.i18n import _
from gvreader.model import Change, Problem, ProblemKind, Tally

LOST_IN_A_ROW: Final = 12
REFUSED_AT_ONCE: Final = 4
LOST: Final[frozenset[ProblemKind]] = frozenset({"connection", "timeout", "tls"})
UNDERIVED: Final[frozenset[ProblemKind]] = frozenset({"not-article", "no-body", "layout-changed"})
FOREIGN: Final[frozenset[ProblemKind]] = UNDERIVED | {"soft-404"}
SETTLED: Final[frozenset[ProblemKind]] = FOREIGN | {"too-large", "off-site", "redirect-loop", "bad-encoding"}
"""What another run hardly mends once it was met often."""
_NOBODY_THERE: Final[frozenset[ProblemKind]] = frozenset({"connection", "tls"})


@dataclass(slots=True)
class RunReport:
    """Counts of one run.

    `useful` pages told us something; `familiar` are those that only the portal can have said: articles, and
    dated or known entries of lists. `foreign` counts home pages that arrived and say nothing that a portal says.
    `lost` counts failures of the host in a row; `dead`: nobody is there; `at_rest`: the host is left alone.
    `stopped`: the time was over. `redesigned` counts the known articles that came in another family's markup,
    `missing` the fields that unreadable article pages lack.
    """

    tally: Tally = field(default_factory=Tally)
    problems: dict[tuple[str, ProblemKind], Problem] = field(default_factory=dict)
    useful: int = 0
    familiar: int = 0
    foreign: int = 0
    derived: int = 0
    underived: int = 0
    refused: int = 0
    lost: int = 0
    dead: bool = False
    at_rest: bool = False
    page_failed: bool = False
    stopped: bool = False
    missing: Counter[str] = field(default_factory=Counter)
    redesigned: Counter[str] = field(default_factory=Counter)

    def article(self, change: Change) -> None:
        """One article page was read."""
        self.useful += 1
        self.familiar += 1
        self.derived += 1
        if change == "new":
            self.tally = replace(self.tally, new=self.tally.new + 1)
        elif change in ("changed", "returned"):
            self.tally = replace(self.tally, changed=self.tally.changed + 1)
        else:
            self.tally = replace(self.tally, unchanged=self.tally.unchanged + 1)

    def gone(self) -> None:
        """The portal said plainly that it serves an article no longer."""
        self.useful += 1
        self.familiar += 1
        self.tally = replace(self.tally, gone=self.tally.gone + 1)

    def media(self, *, failed: bool = False) -> None:
        """An image or file arrived, or did not."""
        if failed:
            self.tally = replace(self.tally, media_failed=self.tally.media_failed + 1)
        else:
            self.tally = replace(self.tally, media_new=self.tally.media_new + 1)

    def problem(
        self,
        problem: Problem,
        *,
        is_page: bool,
        is_article: bool,
        is_lost: bool,
        is_settled: bool = False,
    ) -> None:
        """A page failed; files that fail are problems too, but do not make a run a partial one.

        `is_lost`: the failure speaks against the host rather than the page; `is_settled`: no other run will mend it.
        """
        self.problems[problem.url, problem.kind] = problem
        self.lost = self.lost + 1 if is_lost else 0
        self.dead = self.dead or problem.kind in _NOBODY_THERE
        if is_page:
            self.page_failed = self.page_failed or not is_settled
            self.refused += 1
        if is_article:
            self.tally = replace(self.tally, failed=self.tally.failed + (not is_settled))
            self.underived += problem.kind in UNDERIVED

    @property
    def is_hopeless(self) -> bool:
        """Whether going on is pointless: the portal does not answer, or refuses whatever it is asked."""
        if self.at_rest or self.lost >= LOST_IN_A_ROW:
            return True
        return self.useful == 0 and (self.dead or self.refused >= REFUSED_AT_ONCE)

    @property
    def layout_changed(self) -> bool:
        """Whether most article pages arrived and said nothing that we can read."""
        return self.underived > 0 and self.underived > 1.5 * self.derived

    @property
    def is_strange(self) -> bool:
        """Whether pages came, but none that only the portal can have written."""
        came = self.useful > 0 or self.foreign > 0
        return came and not (self.familiar or self.lost or self.at_rest or self.stopped)

    def verdict(self) -> tuple[int, str]:
        """The exit code of the contract, and a sentence of advice for those that need one."""
        if self.layout_changed:
            return LayoutChanged.exit_code, _(
                "Pages arrived and were kept in the vault, but no article could be read from them. The portal's "
                "layout may have changed: `gvreader probe URL` shows what is seen; after an update of gvreader, "
                "`gvreader rebuild` reads the kept pages again."
            )
        if self.is_strange:
            return PortalUnreachable.exit_code, _(
                "The host answers, but nothing that it says is known to be this portal's: it may have been replaced, "
                "parked or sold. Nothing was changed, and all that was archived stays readable. `gvreader probe URL` "
                "shows what is there now; `gvreader backfill wayback` looks for the old pages in public web archives."
            )
        if self.useful == 0:
            return PortalUnreachable.exit_code, _(
                "Nothing was changed. District portals were closed or replaced in July 2025, and some answer only "
                "inside Vietnam. Try again later or from another network; `gvreader import` reads saved archives, "
                "`--base-url` points at a mirror, and `gvreader demo` shows the reader with a local replica."
            )
        return (EXIT_PARTIAL, "") if self.page_failed else (EXIT_DONE, "")
