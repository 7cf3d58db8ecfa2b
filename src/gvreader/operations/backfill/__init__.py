"""Fill an archive from public web archives: index → choice → captures → ingest → events. A plain generator."""

from gvreader.operations.backfill.options import WebArchiveSource
from gvreader.operations.backfill.run import backfill

__all__ = ["WebArchiveSource", "backfill"]
