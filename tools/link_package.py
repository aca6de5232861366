"""Put the package and its command into the virtual environment, without building a wheel.

A ``.pth`` file points at ``src`` and a two-line script starts the command, so that a checkout works
at once and without any build tool.
"""

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def link(root: Path = ROOT) -> None:
    """Write the path file and the ``yingshang`` script into the running environment."""
    site = Path(sysconfig.get_paths()["purelib"])
    (site / "yingshang.pth").write_text(f"{root / 'src'}\n", encoding="utf-8")
    script = Path(sysconfig.get_paths()["scripts"]) / "yingshang"
    script.write_text(
        f"#!{sys.executable}\nfrom yingshang.cli import main\nmain()\n",
        encoding="utf-8",
    )
    script.chmod(0o755)


if __name__ == "__main__":
    link()
