"""A local portal in the markup of Gia Viễn's: what `gvreader demo` serves."""

from gvreader.demo.content import Corpus
from gvreader.demo.server import LocalPortal

__all__ = ["Corpus", "LocalPortal"]
