"""The corpora and a few hundred mutants of each: none raises. `make fuzz` tries a million."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzzing.corpora import FOLDER, seeds
from tests.fuzzing.mutation import mutated
from tests.fuzzing.run import fuzz
from tests.fuzzing.targets import TARGETS

INPUTS = {"page": 120, "file": 150}


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_raises(target: str) -> None:
    found = fuzz(target, inputs=INPUTS.get(target, 600), seconds=60, random=Random(2))
    assert [reason for _, reason in found.failures] == []
    assert found.inputs >= len(seeds(target))


def test_every_corpus_is_of_a_target() -> None:
    assert {folder.name for folder in FOLDER.iterdir()} == set(TARGETS)


def test_the_same_seed_makes_the_same_inputs() -> None:
    corpus = seeds("page")
    assert mutated(corpus[0], corpus, Random(7)) == mutated(corpus[0], corpus, Random(7))
