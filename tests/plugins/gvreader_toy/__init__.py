"""A family of markup and a format of export, as another package declares them."""

from gvreader.export.formats import ExportFormat
from gvreader.portals import ArticleSelectors, Layout

LAYOUTS = (
    Layout(
        family="toyland",
        since=2024,
        title="Toyland",
        markers=("toyland-cms",),
        article=ArticleSelectors(title=("b.headline",), date=("i.when",), body=("div.toyland-body",)),
        identity=(r"/toy/(\d{1,9})$",),
    ),
)
TITLES = ExportFormat(
    name="titles", suffix=".txt", shape="lines", writer="gvreader_toy.titles:lines", title="Titles"
)
