"""`python -m tests.portal`: serve a replica until interrupted; its base URL is the first line on stdout."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Sequence

from tests.portal.families import FAMILIES
from tests.portal.server import Replica
from tests.portal.troubles import CATALOGUE


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.portal", description="Serve a local portal on loopback."
    )
    parser.add_argument(
        "--family", choices=sorted(FAMILIES), default="giavien", help="content system to speak"
    )
    parser.add_argument("--articles", type=int, default=120, help="how many articles it has published")
    parser.add_argument("--seed", type=int, default=1, help="another number gives other articles")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[=PATTERN]",
        help="switch a fault on, everywhere or where the regular expression matches: " + ", ".join(CATALOGUE),
    )
    parser.add_argument("--hostile", action="store_true", help="articles attack whoever shows them")
    options = parser.parse_args(arguments)
    faults = [fault.partition("=") for fault in options.fault]
    for name, _, _ in faults:
        if name not in CATALOGUE:
            parser.error(f"no fault is called {name!r}")
    replica = Replica(
        family=options.family,
        articles=options.articles,
        seed=options.seed,
        port=options.port,
        hostile=options.hostile,
        keep_log=False,
    )
    for name, _, pattern in faults:
        replica.faults.add(CATALOGUE[name](), pattern)
    sys.stdout.write(f"{replica.base_url}/\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        replica.serve_forever()
    replica.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
