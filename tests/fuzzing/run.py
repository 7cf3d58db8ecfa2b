"""Mutate and try, until enough is tried or time is up."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from random import Random

from tests.fuzzing.corpora import seeds
from tests.fuzzing.mutation import mutated
from tests.fuzzing.targets import TARGETS

LONGEST_CPU = 5.0


@dataclass(slots=True)
class Fuzzed:
    """What came of it: the first failures, each with its input and what it raised, and the slowest CPU seconds."""

    inputs: int = 0
    slowest: float = 0.0
    failures: list[tuple[bytes, str]] = field(default_factory=list)


def fuzz(target: str, *, inputs: int, seconds: float, random: Random, most_failures: int = 20) -> Fuzzed:
    """Try the corpus of a target, then mutants of it. The same seed tries the same inputs."""
    call, corpus = TARGETS[target], seeds(target)
    result = Fuzzed()
    end = time.process_time() + seconds
    while result.inputs < inputs and len(result.failures) < most_failures:
        whole = result.inputs < len(corpus)
        body = corpus[result.inputs] if whole else mutated(random.choice(corpus), corpus, random)
        started = time.process_time()
        try:
            call(body)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - any is a failure, panics of Rust too
            result.failures.append((body, f"{type(error).__name__}: {error}"))
        now = time.process_time()
        result.inputs += 1
        result.slowest = max(result.slowest, now - started)
        if now - started > LONGEST_CPU:
            result.failures.append((body, f"{now - started:.1f} s of CPU"))
        if now > end:
            break
    return result
