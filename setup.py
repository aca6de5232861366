"""Put the packs of ``content`` into the package when it is built; all else stands in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithContent(build_py):
    """Copies the packs, so that the commands find them where only the package is installed."""

    def run(self) -> None:
        """Build the modules, then add the packs."""
        super().run()
        if not self.editable_mode:
            shipped = Path(self.build_lib) / "yingshang" / "shipped"
            shutil.copytree("content", shipped, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithContent})
