"""The evidence: an append-only folder of WARC files. One writer at a time; readers need no lock."""

from gvreader.vault.findings import Finding, FindingKind
from gvreader.vault.names import is_portal_name
from gvreader.vault.store import MAX_FILE_BYTES, Vault
from gvreader.vault.tail import TornTail

__all__ = ["MAX_FILE_BYTES", "Finding", "FindingKind", "TornTail", "Vault", "is_portal_name"]
