"""The evidence: an append-only folder of WARC files. One writer at a time; readers need no lock."""

from gvreader.archive.vault.file_names import is_portal_name
from gvreader.archive.vault.findings import Finding, FindingKind
from gvreader.archive.vault.store import MAX_FILE_BYTES, Vault
from gvreader.archive.vault.tail import TornTail

__all__ = ["MAX_FILE_BYTES", "Finding", "FindingKind", "TornTail", "Vault", "is_portal_name"]
