"""The fields of an article: title, date, byline, captions, documents, files; and what is boilerplate."""
