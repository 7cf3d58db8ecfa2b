"""A file system that cannot share memory between processes: the library falls back to a rollback journal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gvreader.archive.library import Library

SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
static int shared(int file) {
    char link[64], path[512];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 4) return 0;
    path[length] = 0;
    return strcmp(path + length - 4, "-shm") == 0;
}
typedef void *(*map)(void *, size_t, int, int, int, off_t);
#define REFUSE(name) void *name(void *at, size_t size, int how, int flags, int file, off_t from) { \\
    if (file >= 0 && (flags & MAP_SHARED) && shared(file)) { errno = ENODEV; return MAP_FAILED; } \\
    return ((map)dlsym(RTLD_NEXT, #name))(at, size, how, flags, file, from); }
REFUSE(mmap)
REFUSE(mmap64)
"""
WRITE = """
import sys
from pathlib import Path
from gvreader.archive.library import Library
with Library.open(Path(sys.argv[1]), mode="write") as library:
    library.marks.save(sys.argv[2], "is:unread")
"""
READ = """
import sys
from pathlib import Path
from gvreader.archive.library import Library
with Library.open(Path(sys.argv[1]), mode="read") as library:
    print(*(search.name for search in library.marks.saved()))
"""


@pytest.fixture(scope="session")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library to preload that refuses to map the files that SQLite shares."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs Linux and a C compiler")
    folder = tmp_path_factory.mktemp("refusing")
    (folder / "refuse.c").write_text(SOURCE)
    done = subprocess.run(
        [compiler, "-shared", "-fPIC", "-o", folder / "refuse.so", folder / "refuse.c", "-ldl"],
        check=False,
        capture_output=True,
    )
    if done.returncode:
        pytest.skip("the compiler makes no shared libraries")
    return folder / "refuse.so"


def there(refusing: Path, script: str, *arguments: object) -> str:
    """What a script prints where memory cannot be shared."""
    environment = os.environ | {"LD_PRELOAD": str(refusing)}
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_library_is_made_written_and_read_there(refusing: Path, tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    there(refusing, WRITE, path, "một")
    there(refusing, WRITE, path, "hai")
    assert there(refusing, READ, path) == "một hai"


def test_a_library_from_elsewhere_is_read_and_written_there_and_back(refusing: Path, tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    with Library.open(path, mode="write") as library:
        library.marks.save("một", "is:unread")
    assert there(refusing, READ, path) == "một"
    there(refusing, WRITE, path, "hai")
    with Library.open(path, mode="write") as library:
        library.marks.save("ba", "is:unread")
        assert [search.name for search in library.marks.saved()] == ["một", "hai", "ba"]
    assert there(refusing, READ, path) == "một hai ba"
