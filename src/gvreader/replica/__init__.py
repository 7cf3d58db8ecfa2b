"""A local portal in the markup of the known content systems: for the demo, tests, benchmarks and fault experiments."""

from gvreader.replica.families import FAMILIES
from gvreader.replica.server import Logged, Replica

__all__ = ["FAMILIES", "Logged", "Replica"]
