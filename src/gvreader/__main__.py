"""`python -m gvreader`."""

import sys

from gvreader.cli import main

if __name__ == "__main__":
    sys.exit(main())
