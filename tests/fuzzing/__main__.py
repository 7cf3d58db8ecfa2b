"""`python -m tests.fuzzing`: mutate the corpora for a while, and say what held.

An input that raises, or takes longer than it may, is written to the folder given with `--keep`; put it into
`tests/corpora/TARGET` once it is mended.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from pathlib import Path
from random import Random

from tests.fuzzing.run import fuzz
from tests.fuzzing.targets import TARGETS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)} (all)")
    parser.add_argument("--inputs", type=int, default=1_000_000, help="at most so many of each (1,000,000)")
    parser.add_argument("--seconds", type=float, default=600.0, help="CPU seconds for each (600)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"))
    options = parser.parse_args()
    failed = False
    print("| target | inputs | CPU | slowest | failures |\n|---|---|---|---|---|")
    for target in options.targets or TARGETS:
        started = time.process_time()
        result = fuzz(target, inputs=options.inputs, seconds=options.seconds, random=Random(options.seed))
        spent = time.process_time() - started
        print(
            f"| {target} | {result.inputs:,} | {spent:.0f} s | {result.slowest:.2f} s | {len(result.failures)} |",
            flush=True,
        )
        for body, reason in result.failures:
            failed = True
            options.keep.mkdir(exist_ok=True)
            file = options.keep / f"{target}-{hashlib.sha256(body).hexdigest()[:12]}"
            file.write_bytes(body)
            print(f"{file}: {reason}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
