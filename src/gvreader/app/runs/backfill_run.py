"""Fill an archive from a public web archive."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Literal

from gvreader.app.archive import Archive
from gvreader.app.clients import service_client_for
from gvreader.app.clock import now
from gvreader.model import Noted

if TYPE_CHECKING:
    from datetime import date, timedelta

    from gvreader.model import Event
    from gvreader.portals import Portal
    from gvreader.web import Client


def home_of(source: Literal["wayback", "commoncrawl"]) -> str:
    """The address of a public web archive."""
    from gvreader.sources import commoncrawl, wayback

    return wayback.HOME if source == "wayback" else commoncrawl.INDEX_HOME


def run_backfill(
    archive: Archive,
    portal: Portal,
    *,
    source: Literal["wayback", "commoncrawl"],
    service: str | None = None,
    first: date | None = None,
    last: date | None = None,
    limit: int | None = None,
    stop_after: timedelta | None = None,
) -> Generator[Event]:
    """Fill the archive with a portal's captures in a public web archive; closing the iterator stops it cleanly."""
    from contextlib import ExitStack

    from gvreader.operations.backfill import WebArchiveSource, backfill
    from gvreader.sources import commoncrawl, wayback

    scope = portal.scope()
    with ExitStack() as stack:
        clients: list[Client] = []

        def client(home: str) -> Client:
            clients.append(stack.enter_context(service_client_for(archive.settings, home)))
            return clients[-1]

        found: WebArchiveSource
        if source == "wayback":
            home = service or wayback.HOME
            found = wayback.Wayback(
                client(home),
                scope,
                home=home,
                first=first,
                last=last,
                monotonic=time.monotonic,
                sleep=time.sleep,
            )
        else:
            home = service or commoncrawl.INDEX_HOME
            data_home = service or commoncrawl.DATA_HOME
            index = client(home)
            found = commoncrawl.CommonCrawl(
                index,
                index if service else client(data_home),
                scope,
                home=home,
                data_home=data_home,
                first=first,
                last=last,
                monotonic=time.monotonic,
                sleep=time.sleep,
            )
        workshop = stack.enter_context(archive.writing(f"backfill {source} {portal.name}"))
        for sentence in workshop.notes:
            yield Noted(message=sentence)
        yield from backfill(
            portal,
            archive=found,
            service=home,
            first=first,
            last=last,
            limit=limit,
            stop_after=stop_after,
            vault=workshop.vault,
            library=workshop.library,
            requests=lambda: (
                sum(one.requests for one in clients),
                sum(one.bytes for one in clients),
            ),
            clock=now,
            sleep=time.sleep,
        )
