"""Real writers, really killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from gvreader.model import RecordRef
from tests.archive.vault.captures import page, writer
from tests.archive.vault.test_store import warcio_check

# How many writers are killed; `GVREADER_CRASHES=500` for a long run.
CRASHES = int(os.environ.get("GVREADER_CRASHES", "12"))

# Appends pages of all sizes for ever and says which are durable, one line each, in one write.
WRITER = """
import os, sys
from pathlib import Path
from tests.archive.vault.captures import ORIGIN, PORTAL, page, writer
vault = writer(Path(sys.argv[1]), max_file_bytes=400_000)
for number in range(int(sys.argv[2]), 10**9):
    ref = vault.append(PORTAL, ORIGIN, page(number, size=number * 7919 % 60_000))
    os.write(1, f"{number} {ref.file} {ref.offset} {ref.record_id}\\n".encode())
"""


def test_kill_9_at_any_moment_loses_and_alters_nothing(tmp_path: Path) -> None:
    chance = random.Random(29)
    folder = tmp_path / "vault"
    durable: dict[int, RecordRef] = {}
    for _crash in range(CRASHES):
        start = max(durable, default=-1) + 1
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(start)], stdout=subprocess.PIPE, cwd=Path.cwd()
        )
        assert process.stdout
        lines = [process.stdout.readline()]
        time.sleep(chance.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
        process.wait()
        process.stdout.close()
        for line in lines:
            name, file, offset, record_id = line.decode().split()
            durable[int(name)] = RecordRef(file=file, offset=int(offset), record_id=record_id)
        with writer(folder) as vault:
            for torn in vault.torn:
                assert torn.saved, f"taken for damage: {torn}"
    with writer(folder) as vault:
        findings = [
            finding for finding in vault.verify(durable.values()) if finding.kind != "unindexed-record"
        ]
        assert findings == []
        for number, ref in durable.items():
            assert vault.get(ref) == page(number, size=number * 7919 % 60_000)
        # A capture that became durable without its line may be there twice, never half.
        assert {capture.url for _ref, _portal, capture in vault.scan()} >= {page(n).url for n in durable}
    warcio_check(vault.files())
