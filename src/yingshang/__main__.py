"""``python -m yingshang`` is the command ``yingshang``."""

import sys

from yingshang.cli import main

sys.exit(main())
