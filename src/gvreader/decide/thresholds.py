"""The numbers that decide, each with its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

HASH_KEY_DIGITS: Final = 12
"""Hex digits of a key without an id: 48 bits, one collision in millions of articles, then one digit more."""
SHORTEST_CUT_TITLE: Final = 20
"""Characters of a headline cut short that still names one article; shorter ones begin many."""
TELLING_TITLE: Final = 20
"""Characters from which a headline is one of a kind; shorter ones (“Thông báo”) say nothing against a page."""
MISTRUSTED: Final = 0.5
"""Confidence below which a page under another headline is not believed: parked domains read as poor articles."""
AGREEING_TITLE_GAINS: Final = 0.02
"""What a listing's equal headline adds: little, for both come from one database."""
TITLE_DIFFERS_KEEPS: Final = 0.8
"""The share of confidence left when every listing calls the article something else."""
DATE_FROM_LISTING_KEEPS: Final = 0.9
"""The share left when only a listing knows the date."""
DATE_DIFFERS_KEEPS: Final = 0.9
"""The share left when listings print another day."""
ENOUGH_TO_REPEAT: Final = 5
"""Articles in which a paragraph stands before it is boilerplate: a series of news repeats a sentence less often."""
MOST_CANDIDATES: Final = 40
"""Digests remembered a host while waiting for repeats: about eight articles of five paragraphs."""
MOST_BOILERPLATE: Final = 64
"""Paragraphs remembered a host; redesigns make the oldest useless."""
REVISIT: Final = (
    (timedelta(days=3), timedelta(hours=1)),
    (timedelta(days=14), timedelta(days=1)),
    (timedelta(days=90), timedelta(days=7)),
    (timedelta(days=365), timedelta(days=30)),
)
REVISIT_OLD: Final = timedelta(days=180)
RETRY: Final = (
    timedelta(),
    timedelta(),
    timedelta(),
    timedelta(),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=7),
)
SAME_TEXT_NAMED: Final = 0.6
"""Share of common words from which two articles of one day and headline are one, in the markup of two systems."""
SAME_TEXT: Final = 0.9
"""The same without a common headline: a corrected one, not another article on the same event."""
