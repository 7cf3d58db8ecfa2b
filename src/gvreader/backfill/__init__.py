"""Fill an archive from public web archives: index → choice → captures → ingest → events. A plain generator."""

from gvreader.backfill.run import backfill
from gvreader.backfill.values import WebArchive

__all__ = ["WebArchive", "backfill"]
