"""Articles as others want them: JSON, terminal text, Markdown, HTML, feeds, tables, citations.

Everything here turns values of `gvreader.model` into text; page text is escaped for the form it goes into.
"""
