"""The configuration as frozen values."""

from __future__ import annotations

from pathlib import Path

from gvreader.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionProfile:
    """A section that is added to those the portal's menu shows. `url` may be relative to the origin."""

    slug: str
    title: str
    url: str
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalProfile:
    """What the configuration says of one portal; None and empty leave what is known as it is."""

    name: str
    title: str | None = None
    origin: str | None = None
    family: str | None = None
    hosts: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    date_format: str | None = None
    sections: tuple[SectionProfile, ...] = ()
    selectors: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncSettings:
    """`delay`: least seconds between two requests to one host. `media`: fetch pictures and files too.

    `contact`: how the portal's staff can reach whoever runs this, sent with each request.
    """

    delay: float = 1.0
    media: bool = True
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSettings:
    """Commands that run after a sync and for each new article, word by word; none when empty."""

    after_sync: tuple[str, ...] = ()
    new_article: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSettings:
    """`theme`: None for what fits the terminal. `keys`: action names and the keys that replace their defaults, or keys
    and what they do. `commands`: names and the words of the program each of them runs.
    """

    theme: str | None = None
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    commands: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything in force. `file` is where the configuration is, or would be (`found` says which)."""

    archive: Path
    archive_from: str
    file: Path
    found: bool
    sync: SyncSettings = SyncSettings()
    hooks: HookSettings = HookSettings()
    portals: tuple[PortalProfile, ...] = ()
    abbreviations: tuple[tuple[str, tuple[str, ...]], ...] = ()
    tls: tuple[tuple[str, str], ...] = ()
    reader: ReaderSettings = ReaderSettings()
