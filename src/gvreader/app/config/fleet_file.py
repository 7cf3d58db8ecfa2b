"""A fleet's list of portals as settings: `fleet.toml` before the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gvreader.app.config.keys import FLEET_KEYS
from gvreader.app.config.loading import portal_profile
from gvreader.app.config.validation import problems, read
from gvreader.errors import ConfigError
from gvreader.frozen import replace
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.app.config.settings import PortalProfile, Settings


def read_fleet(file: Path) -> Mapping[str, object]:
    """The parsed list. Raises ConfigError that names the key and its line."""
    wrong = problems(file, FLEET_KEYS)
    if wrong:
        more = _(" (and {n} more)").format(n=len(wrong) - 1) if len(wrong) > 1 else ""
        raise ConfigError(
            f"{file}: {wrong[0]}{more}", advice=_("docs/scale.md explains the keys of a fleet.")
        )
    return read(file)[1]


def with_fleet(settings: Settings, fleet: Mapping[str, object], name: str) -> Settings:
    """The settings for one portal of a fleet: what `fleet.toml` says of it, and of all, before the configuration's."""
    portals = fleet.get("portals")
    table = portals.get(name, {}) if isinstance(portals, dict) else {}
    profile = portal_profile(
        name, {key: value for key, value in table.items() if key not in ("group", "delay")}
    )
    delay = table.get("delay", fleet.get("delay", settings.sync.delay))
    media = fleet.get("media", settings.sync.media)
    below = next((one for one in settings.portals if one.name == name), None)
    others = tuple(one for one in settings.portals if one.name != name)
    return replace(
        settings,
        portals=(*others, _merged(profile, below) if below is not None else profile),
        sync=replace(settings.sync, delay=float(str(delay)), media=media is True),
    )


def _merged(profile: PortalProfile, below: PortalProfile) -> PortalProfile:
    """The keys of one profile, and those of another where it says nothing."""
    return replace(
        profile,
        title=profile.title or below.title,
        origin=profile.origin or below.origin,
        family=profile.family or below.family,
        hosts=profile.hosts or below.hosts,
        start=profile.start or below.start,
        date_format=profile.date_format or below.date_format,
        sections=profile.sections or below.sections,
        selectors=profile.selectors or below.selectors,
    )
