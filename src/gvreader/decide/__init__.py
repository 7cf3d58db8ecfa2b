"""Rules without I/O: which stored article a page is, what to believe, what repeats, when to look again."""

from gvreader.decide.acceptance import refuse_replacement, refuse_stranger, refuse_view
from gvreader.decide.boilerplate import known_boilerplate, learn_boilerplate
from gvreader.decide.crosscheck import crosscheck, day_of
from gvreader.decide.identity import (
    KnownArticle,
    change_of,
    counts_as,
    is_earlier_self,
    is_redesigned,
    key_for,
    same_article,
    titles_agree,
)
from gvreader.decide.schedule import as_instant, overdue, retry_delay, revisit_interval
from gvreader.decide.thresholds import ENOUGH_TO_REPEAT

__all__ = [
    "ENOUGH_TO_REPEAT",
    "KnownArticle",
    "as_instant",
    "change_of",
    "counts_as",
    "crosscheck",
    "day_of",
    "is_earlier_self",
    "is_redesigned",
    "key_for",
    "known_boilerplate",
    "learn_boilerplate",
    "overdue",
    "refuse_replacement",
    "refuse_stranger",
    "refuse_view",
    "retry_delay",
    "revisit_interval",
    "same_article",
    "titles_agree",
]
