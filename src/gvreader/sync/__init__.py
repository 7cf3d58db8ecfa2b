"""A live run: frontier → client → ingest → events. A plain generator; front ends only listen."""

from gvreader.sync.options import SyncOptions
from gvreader.sync.run import sync

__all__ = ["SyncOptions", "sync"]
