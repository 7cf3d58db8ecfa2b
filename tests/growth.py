"""How the cost of work grows with its size, on a machine however slow or busy."""

from __future__ import annotations

import time
from collections.abc import Callable

_TIMES = 8


def grows_with_size(work: Callable[[int], object], size: int) -> bool:
    """Whether `work(size)` costs about eight times an eighth of it: what grows with the square costs 64 times."""
    small, large = (min(_cpu_time(work, one) for _ in range(2)) for one in (size // _TIMES, size))
    return large < _TIMES * 3 * max(small, 0.005)


def _cpu_time(work: Callable[[int], object], size: int) -> float:
    began = time.process_time()
    work(size)
    return time.process_time() - began
