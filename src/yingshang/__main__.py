"""``python -m yingshang`` is the command ``yingshang``."""

from yingshang.cli import main

main()
