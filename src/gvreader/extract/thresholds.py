"""The numbers that decide how a page is read, each with its reason. A test at the boundary stands beside each."""

from __future__ import annotations

from typing import Final

# ── what is the page, what is furniture ─────────────────────────────────────────────────────────

MOST_OF_A_PAGE: Final = 0.5
"""Share of a page's unlinked text from which an element is the page: two elements cannot both hold more than half."""

NEARLY_ALL_OF_A_PAGE: Final = 0.8
"""The same for comments, related articles, feet and hidden elements, which can be longer than a short article."""

FEWEST_CHARACTERS_OF_A_PAGE: Final = 200
"""Fewest unlinked characters of an element that its share makes the page: on a page of few words any line is most."""

HEADLINE_LENGTH: Final = 15
"""Fewest characters of a headline in anything less than `<h1>`: shorter ones name boxes as often as pages."""

# ── boxes in the middle of a body ───────────────────────────────────────────────────────────────

RUNNING_TEXT: Final = 60
"""Fewest unlinked characters of a paragraph that is surely text: captions, labels and addresses are mostly shorter."""

TEXT_BELOW_A_BOX: Final = 120
"""Text below a box in the same element as text above it from which the body goes on: two lines of a paragraph."""

BODY_BELOW_A_BOX: Final = 300
"""The same where the text stands in another element: feet of pages and teasers are shorter."""

MORE_THAN_ABOVE_A_BOX: Final = 1.5
"""How many times the text above a box the text in another element below has to be: then the lead only came first."""

HEADLINE_OF_OTHERS: Final = 20
"""Fewest characters of a line that is one link to be the headline of another article: buttons are shorter."""

# ── captions ────────────────────────────────────────────────────────────────────────────────────

LONGEST_PLAIN_CAPTION: Final = 140
"""Longest full sentence that is a caption only by standing centred below a picture: longer ones are paragraphs."""

# ── lists ───────────────────────────────────────────────────────────────────────────────────────

SHORTEST_HEADLINE: Final = 25
"""Fewest characters of a link to be a headline by its length alone: names of sections are shorter."""

WORDS_OF_A_HEADLINE: Final = 6
"""Fewest words of an address without number or date to be an article's: names of sections have fewer."""

MOST_OF_A_LIST: Final = 0.6
"""Share of a list's addresses that give the site's shape of them: some entries lead to videos and special pages."""

TIMES_OF_A_LABEL: Final = 3
"""How often a short link has to come back on a page to be the label of a section: lead stories come back once."""

# ── too little for an article ───────────────────────────────────────────────────────────────────

FEWEST_WORDS: Final = 5
"""Fewest words of an undated body without file or picture: counters and buttons have fewer, notices have more."""

FEW_WORDS: Final = 20
"""Words beside a line that says that a list is empty that are still only its table's head."""

# ── article or list ─────────────────────────────────────────────────────────────────────────────

ENTRIES_OF_A_SECTION: Final = 3
"""Fewest links to addresses of another shape than the page's own that make it a section: articles name one or two."""

LONG_ARTICLE: Final = 800
"""Characters of text below a headline that the head confirms from which the page is an article: teasers are shorter."""

FEW_TEXTS: Final = 4
"""Fewest paragraphs of such an article: a section's lead has one or two."""

# ── headlines ───────────────────────────────────────────────────────────────────────────────────

LONGEST_SENTENCE: Final = 200
"""Longest text that closes as a sentence does and may be a headline: longer ones are leads."""

# ── bylines ─────────────────────────────────────────────────────────────────────────────────────

MOST_WORDS_OF_A_NAME: Final = 6
"""Most words of a person's name in structured data: longer ones are offices and sentences."""

# ── confidence ──────────────────────────────────────────────────────────────────────────────────

SMALL_SHARE_OF_TEXT: Final = 0.5
"""Share of the page's running text below which a body is doubtful: the rest is then more than the article."""

NEARLY_ALL_TEXT: Final = 0.93
"""The share from which a page whose language has no word lists here is still read for sure."""

MOJIBAKE_APART: Final = 200
"""Fewest readable characters for each that looks misread: names in other languages have fewer such letters."""

VIETNAMESE_APART: Final = 60
"""Most characters for each letter that only Vietnamese has: every third word of it has one."""
