"""Bring an archive up to date with a portal."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from random import Random
from typing import TYPE_CHECKING

from gvreader.app.archive import Archive
from gvreader.app.clients import client_for, unshared
from gvreader.app.clock import now
from gvreader.app.runs.resumed import caught_up
from gvreader.i18n import _
from gvreader.model import Noted

if TYPE_CHECKING:
    from gvreader.app.config import Settings
    from gvreader.model import Event
    from gvreader.operations.sync import SyncOptions
    from gvreader.portals import Portal


def run_sync(
    archive: Archive,
    portal: Portal,
    *,
    options: SyncOptions,
    base_url: str | None = None,
    delay: float | None = None,
    per_address: float | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Generator[Event]:
    """Bring the archive up to date with a portal; closing the iterator stops it cleanly."""
    from gvreader.operations.sync import sync

    with (
        client_for(
            archive.settings, portal, base_url=base_url, delay=delay, per_address=per_address, sleep=sleep
        ) as client,
        archive.writing(f"sync {portal.name}") as workshop,
    ):
        trust = _distrusted(archive.settings, portal, base_url)
        for sentence in (*unshared(client), *workshop.notes, *trust, *caught_up(archive, workshop)):
            yield Noted(message=sentence)
        yield from sync(
            portal,
            client=client,
            vault=workshop.vault,
            library=workshop.library,
            options=options,
            clock=now,
            random=Random(),  # noqa: S311 - spreads work, guards nothing
        )


def _distrusted(settings: Settings, portal: Portal, base_url: str | None) -> Iterator[str]:
    """A sentence for each host of a run whose certificate is not verified, as the configuration asks."""
    from gvreader.urls import host

    hosts = {host(base_url or portal.origin), *portal.hosts}
    for name, rule in settings.tls:
        if rule != "verified" and name.lower() in hosts:
            yield _("The connection to {host} is trusted as `{rule}`; each capture records it.").format(
                host=name, rule=rule.partition(":")[0]
            )
