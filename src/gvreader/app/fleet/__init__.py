"""Many portals, one ordinary archive each: a folder with `fleet.toml`, `archives/NAME` and what was seen of each.

Format and promises: docs/scale.md.
"""

from gvreader.app.fleet.folder import Fleet, FleetMember
from gvreader.app.fleet.listing import Candidate, candidates, typed

__all__ = ["Candidate", "Fleet", "FleetMember", "candidates", "typed"]
