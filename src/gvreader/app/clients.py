"""The polite clients of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gvreader.app.clock import now

if TYPE_CHECKING:
    from gvreader.app.config import Settings
    from gvreader.portals import Portal
    from gvreader.web import Client


def client_for(
    settings: Settings, portal: Portal, *, base_url: str | None = None, delay: float | None = None
) -> Client:
    """The polite client of a run. Raises UsageError for a delay that is not allowed."""
    from gvreader import __version__
    from gvreader.web import Client, Policy

    contact = settings.sync.contact
    policy = Policy(
        delay=settings.sync.delay if delay is None else delay,
        user_agent=f"gvreader/{__version__}" + (f" (+{contact})" if contact else ""),
    )
    return Client(policy, portal.scope(), base_url=base_url, tls=dict(settings.tls), now=now)


def service_client_for(settings: Settings, home: str) -> Client:
    """The client that asks a public web archive; the archive's room keeps the pace. Raises UsageError."""
    from gvreader import __version__
    from gvreader.urls import Scope
    from gvreader.web import Client, Policy

    contact = settings.sync.contact
    policy = Policy(user_agent=f"gvreader/{__version__}" + (f" (+{contact})" if contact else ""))
    return Client(policy, Scope(origin=home), tls=dict(settings.tls), now=now)
