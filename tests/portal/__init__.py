"""A local portal in the markup of the known content systems: for the demo, tests, benchmarks and fault experiments."""

from tests.portal.families import FAMILIES
from tests.portal.server import Logged, Replica

__all__ = ["FAMILIES", "Logged", "Replica"]
