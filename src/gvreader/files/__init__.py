"""What do files say? The bytes of PDF and office files to text, for people, search and JSON.

Files are strangers': whatever they hold, the answer is text, or nothing and why. This runs in the worker process
(`gvreader.sandbox`), whose limits are what bounds its work; the budgets here keep ordinary nonsense cheap.
"""

from __future__ import annotations

from gvreader.files.reading import read_file
from gvreader.files.result import PAGE_BREAK, FileText

__all__ = ["PAGE_BREAK", "FileText", "read_file"]
