"""What does a capture say? Bytes, headers and address to an article, a listing, media or a refusal."""

from __future__ import annotations

from gvreader.extract.engine import AnswerBody, extract, open_answer

__all__ = ["AnswerBody", "extract", "open_answer"]
