"""The numbers that decide which matches come first, each with its reason."""

from __future__ import annotations

from typing import Final

RANKED: Final = 5000
"""The newest matches that are ranked; older ones follow by date: BM25 of more takes longer than anybody waits."""
ALL_BELOW: Final = 1000
"""Fewer matches than these are ranked all, the rarest spellings of their words included."""
RANKED_TITLES: Final = 1000
"""Of those with the words in the title, so many count whatever their age: more are no longer telling."""
WEIGHTS: Final = "10.0, 4.0, 1.0, 0.5, 2.0, 1.0, 6.0"
"""How much a word counts in each column: title, summary, body, attachments, author, organisation, number."""
ANYWHERE: Final = 1.0
"""What a match counts where BM25 takes too long to count: one unit."""
IN_SUMMARY: Final = 2.0
"""The same where the summary has it: the lead says what an article is about."""
RARE: Final = 0.5
"""What a match in rare spellings counts of the least one in common spellings: below all of them."""
RECENT: Final = 0.2
"""What an article of today gains over a very old one, as a share of its score: news is asked for, not only found."""
HALF_LIFE_DAYS: Final = 2 * 365
"""Days in which that gain halves: two years of a district's plans and reports."""
TOGETHER: Final = 0.35
"""What words gain that stand side by side as they were typed: more than recency, less than the title."""
MOST_TOGETHER: Final = 6
"""Runs of words that are looked for side by side: longer questions are paragraphs that were pasted."""
