"""What changed: each revision beside the one before it, stepped through with [ and ]."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gvreader.export import wording
from gvreader.i18n import _
from gvreader.model import Revision, StoredArticle
from gvreader.tui.screens.panel import TextPanel
from gvreader.tui.view.changes import changed_pieces
from gvreader.tui.widgets.frame import KeyHint


class RevisionsSheet(TextPanel):
    """Revisions of one article; `stored` are its contents in order, as many as `history`."""

    def __init__(self, history: Sequence[Revision], stored: Sequence[StoredArticle]) -> None:
        self._history = history
        self._stored = stored
        self._number = len(stored) - 1
        super().__init__(_("What changed"), ())

    def begin(self) -> None:
        self._compare()

    def extra_keys(self) -> Sequence[KeyHint]:
        return (KeyHint("[ ]", _("revision"), "step"),) if len(self._stored) > 2 else ()

    def extra_actions(self) -> Mapping[str, Callable[[], None]]:
        return {"]": lambda: self._step(1), "[": lambda: self._step(-1)}

    def _step(self, steps: int) -> None:
        number = max(1, min(self._number + steps, len(self._stored) - 1))
        if number != self._number:
            self._number = number
            self._compare()

    def _compare(self) -> None:
        revision = self._history[self._number]
        note = _("revision {number} of {n}, first seen {moment}").format(
            number=revision.number, n=len(self._history), moment=wording.moment(revision.first_seen)
        )
        note += f" · {wording.provenance(revision.source, revision.trust)}"
        self.head(_("What changed"), note)
        self.show(changed_pieces(self._stored[self._number - 1].article, self._stored[self._number].article))
