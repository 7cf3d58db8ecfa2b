"""The configuration file (TOML) as frozen settings. Unknown keys and wrong types are refused by line.

Precedence of the archive's place: `--archive`, GVREADER_ARCHIVE, the file's `archive`, the platform's user
data folder. Docs: docs/configuration.md.
"""

from gvreader.app.config.loading import default_file, load, state_folder
from gvreader.app.config.settings import (
    PortalProfile,
    ReaderSettings,
    SectionProfile,
    Settings,
    SyncSettings,
)

__all__ = [
    "PortalProfile",
    "ReaderSettings",
    "SectionProfile",
    "Settings",
    "SyncSettings",
    "default_file",
    "load",
    "state_folder",
]
