"""The reader's screen as the commands and dialogs see it: a host of controllers, each of them whole."""

from __future__ import annotations

from typing import Protocol

from gvreader.tui.controllers.article_list import ListController
from gvreader.tui.controllers.background_sync import SyncController
from gvreader.tui.controllers.host import ReaderHost
from gvreader.tui.controllers.live_search import SearchController
from gvreader.tui.controllers.marking import MarkController
from gvreader.tui.controllers.reading import ArticleController
from gvreader.tui.controllers.sharing import SharingController


class WholeReader(ReaderHost, Protocol):
    """Everything that the reader can be asked to do."""

    @property
    def listing(self) -> ListController: ...
    @property
    def reading(self) -> ArticleController: ...
    @property
    def marking(self) -> MarkController: ...
    @property
    def searching(self) -> SearchController: ...
    @property
    def sharing(self) -> SharingController: ...
    @property
    def syncing(self) -> SyncController: ...
