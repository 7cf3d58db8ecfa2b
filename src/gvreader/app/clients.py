"""The polite clients of runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from gvreader.app.clock import now

if TYPE_CHECKING:
    from gvreader.app.config import Settings
    from gvreader.portals import Portal
    from gvreader.web import Client


def client_for(
    settings: Settings,
    portal: Portal,
    *,
    base_url: str | None = None,
    delay: float | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Client:
    """The polite client of a run. Raises UsageError for a delay that is not allowed."""
    from gvreader import __version__
    from gvreader.web import Client, Policy

    contact = settings.sync.contact
    policy = Policy(
        delay=settings.sync.delay if delay is None else delay,
        user_agent=f"gvreader/{__version__}" + (f" (+{contact})" if contact else ""),
    )
    return Client(policy, portal.scope(), base_url=base_url, tls=dict(settings.tls), now=now, sleep=sleep)


def service_client_for(settings: Settings, home: str) -> Client:
    """The client that asks a public web archive; the archive's room keeps the pace. Raises UsageError."""
    from gvreader import __version__
    from gvreader.urls import Scope
    from gvreader.web import Client, Policy

    contact = settings.sync.contact
    policy = Policy(user_agent=f"gvreader/{__version__}" + (f" (+{contact})" if contact else ""))
    return Client(policy, Scope(origin=home), tls=dict(settings.tls), now=now)


def probing_client_for(
    settings: Settings, portal: Portal, *, delay: float | None, sleep: Callable[[float], None]
) -> Client:
    """A client that asks each thing once and follows one redirect. Raises UsageError."""
    from gvreader import __version__
    from gvreader.web import Client, Policy

    contact = settings.sync.contact
    policy = Policy(
        delay=settings.sync.delay if delay is None else delay,
        user_agent=f"gvreader/{__version__}" + (f" (+{contact})" if contact else ""),
        max_attempts=1,
        max_silences=1,
        max_redirects=1,
    )
    return Client(policy, portal.scope(), tls=dict(settings.tls), now=now, sleep=sleep)
