"""The polite clients of runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gvreader.app.clock import now
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.app.config import Settings
    from gvreader.portals import Portal
    from gvreader.web import Client

PER_ADDRESS: Final = 4.0
"""Requests a second to one address, whatever names share it."""


def client_for(
    settings: Settings,
    portal: Portal,
    *,
    base_url: str | None = None,
    delay: float | None = None,
    per_address: float | None = None,
    sleep: Callable[[float], None] = time.sleep,
    once: bool = False,
) -> Client:
    """The polite client of a run, at the pace of all runs of the user. Raises UsageError for a delay too short.

    `per_address`: requests a second to one address; None for the usual, which does not hold on loopback. `once`: each
    thing is asked for once, and one redirect followed.
    """
    from gvreader import __version__
    from gvreader.urls import is_loopback
    from gvreader.web import Client, Policy
    from gvreader.web.pace import Pace

    contact = settings.sync.contact
    usual = 0.0 if is_loopback(base_url or portal.origin) else PER_ADDRESS
    policy = Policy(
        delay=settings.sync.delay if delay is None else delay,
        user_agent=f"gvreader/{__version__}" + (f" (+{contact})" if contact else ""),
        per_address=usual if per_address is None else per_address,
        **({"max_attempts": 1, "max_silences": 1, "max_redirects": 1} if once else {}),
    )
    return Client(
        policy,
        portal.scope(),
        base_url=base_url,
        tls=dict(settings.tls),
        now=now,
        sleep=sleep,
        pace=Pace(pace_folder()),
    )


def unshared(client: Client) -> Iterator[str]:
    """A sentence where the pace of all runs cannot be kept."""
    trouble = client.pace.prepare() if client.pace is not None else None
    if trouble is not None:
        yield _(
            "The folder {folder} cannot be written ({reason}): this run keeps its own pace and knows of no other."
        ).format(folder=pace_folder(), reason=trouble)


def pace_folder() -> Path:
    """Where all runs of a user keep one pace: GVREADER_PACE, else the platform's user state folder."""
    named = os.environ.get("GVREADER_PACE", "").strip()
    if named:
        return Path(named).expanduser().absolute()
    from gvreader.app.config import state_folder

    return state_folder() / "pace"


def service_client_for(settings: Settings, home: str) -> Client:
    """The client that asks a public web archive; the archive's room keeps the pace. Raises UsageError."""
    from gvreader import __version__
    from gvreader.urls import Scope
    from gvreader.web import Client, Policy

    contact = settings.sync.contact
    policy = Policy(user_agent=f"gvreader/{__version__}" + (f" (+{contact})" if contact else ""))
    return Client(policy, Scope(origin=home), tls=dict(settings.tls), now=now)
