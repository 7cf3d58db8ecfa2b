"""One headline a line."""

from collections.abc import Iterator

from gvreader.export.job import ExportJob


def lines(job: ExportJob) -> Iterator[str]:
    """The headlines of the articles, newest first."""
    for stored in job.articles:
        yield f"{stored.article.title}\n"
