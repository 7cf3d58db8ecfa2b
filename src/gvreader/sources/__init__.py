"""Where captures come from other than the live portal: WARC and WACZ files of any maker, saved pages.

Each source yields captures and, as values, what was odd or could not be taken; none of them ends on bad input.
"""

from gvreader.sources.items import Anomaly, Imported, OddityKind, SourceItem

__all__ = ["Anomaly", "Imported", "OddityKind", "SourceItem"]
