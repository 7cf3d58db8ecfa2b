"""A live run: frontier → client → ingest → events. A plain generator; front ends only listen."""

from gvreader.operations.sync.options import SyncOptions
from gvreader.operations.sync.run import sync

__all__ = ["SyncOptions", "sync"]
