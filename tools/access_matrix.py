"""Write ``tests/access_matrix.csv`` anew from the pages and the demonstration; read the difference then."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    sys.exit(
        subprocess.call(
            [sys.executable, "-m", "pytest", "-q", "tests/test_access_matrix.py"],
            cwd=ROOT,
            env=os.environ | {"YINGSHANG_ACCESS_MATRIX": "write"},
        )
    )
