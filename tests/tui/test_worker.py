"""Threads that ask the library: order, replaced questions, and failures."""

from __future__ import annotations

import threading

import pytest

from gvreader.archive.library import Library
from gvreader.tui.worker import Cancelled, ReadWorker
from tests.tui.shelf import ShelfServices

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def test_a_newer_question_breaks_off_the_one_under_way(services: ShelfServices) -> None:
    worker = ReadWorker(services.open_library)
    begun = threading.Event()

    def endless(library: Library) -> int:
        begun.set()
        return int(library._connection.execute(ENDLESS).fetchone()[0])

    slow = worker.ask("search", endless)
    assert begun.wait(10)
    quick = worker.ask("search", lambda library: library.overview().articles)
    assert quick.result(10) == 60
    with pytest.raises(Cancelled):
        slow.result(10)
    worker.stop()


def test_a_question_of_another_name_breaks_off_nothing(services: ShelfServices) -> None:
    worker = ReadWorker(services.open_library)
    begun, go_on = threading.Event(), threading.Event()

    def waiting(library: Library) -> int:
        begun.set()
        assert go_on.wait(10)
        return library.overview().articles

    first = worker.ask("counts", waiting)
    assert begun.wait(10)
    second = worker.ask("search", lambda library: len(library.articles.ids()))
    third = worker.ask("search", lambda library: len(library.articles.ids()) + 1)
    go_on.set()
    assert first.result(10) == 60
    assert third.result(10) == 61
    assert second.cancelled()
    worker.stop()
