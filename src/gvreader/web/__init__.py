"""The polite HTTP client: one portal, one request at a time, every answer a capture. See docs/politeness.md."""

from gvreader.web.client import Client, Outcome
from gvreader.web.policy import Policy, TlsRule

__all__ = ["Client", "Outcome", "Policy", "TlsRule"]
