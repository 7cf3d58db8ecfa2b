"""The life of a worker that derives shards: a task in, places as they come, a result out."""

from __future__ import annotations

import errno
import os
import signal
import sys

from gvreader.app.derive.guard import die_with_parent, receive, send
from gvreader.app.derive.shard import ShardTask, derive_shard
from gvreader.errors import GvreaderError, StorageFailed


def main() -> None:
    """Serve until the pipe closes."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # whoever started this process ends it
    die_with_parent()
    tasks, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    while True:
        try:
            task, poison = receive(tasks)
        except EOFError:
            return
        assert isinstance(task, ShardTask)
        assert isinstance(poison, frozenset)

        def watch(place: str | None) -> None:
            send(answers, ("at", place))

        try:
            send(answers, ("done", derive_shard(task, poison=poison, watch=watch)))
        except GvreaderError as error:
            send(answers, ("failed", error))
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            send(answers, ("failed", StorageFailed(f"{error.strerror}: {error.filename or ''}".rstrip(": "))))


if __name__ == "__main__":
    main()
