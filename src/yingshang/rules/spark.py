"""The same kernel on Apache Spark (the extra ``spark``): file names are distributed, not rows.

The population is cut into parts. A task opens its part of the facts, codes it and keeps the coded file;
a second task opens the coded file, runs the program and writes the words of the outcome beside it.
Rows never pass through Spark, which would convert each. The working folder and the facts must be
visible to every executor, and this package installed there; the parts are whole words of 64 rows, so
that the outcome is the same to the bit.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from yingshang.rules.declarations import Declared
from yingshang.rules.errors import BadFacts, MissingExtra
from yingshang.rules.programs import Program
from yingshang.rules.snapshots import PartJob

Array = npt.NDArray[Any]
PART_ROWS: Final = 1 << 18
"""Rows in a part, a multiple of 64: some 10 MB of codes for 40 facts."""


def require_spark() -> None:
    """Raise :class:`MissingExtra` that tells how to get what is missing here."""
    if find_spec("pyspark") is None:
        raise MissingExtra("没有安装 pyspark", advice='请运行 pip install "yingshang[spark]"')
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java") is None and not (home and (Path(home) / "bin/java").exists()):
        raise MissingExtra(
            "没有找到 Java，Spark 需要 17 或更新的版本",
            advice="请运行 apt-get install -y default-jre-headless，或设置 JAVA_HOME",
        )


@contextmanager
def open_session(master: str) -> Iterator[Any]:
    """Start Spark and stop it again; raises :class:`MissingExtra` where it does not start."""
    require_spark()
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("yingshang match").master(master)
    try:
        session = (
            builder.config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .getOrCreate()
        )
    except PySparkRuntimeError as error:
        raise MissingExtra(
            f"Spark 没有启动：{error}", advice="请检查 Java 的版本与 --master"
        ) from error
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def run_spark(
    session: Any,
    program: Program,
    facts: Path,
    catalogue: Mapping[str, Declared],
    size: int,
    folder: Path,
    *,
    part_rows: int = PART_ROWS,
) -> tuple[Array, Array]:
    """Return for every rule the words of *yes* and of *possibly yes*, as the local engines do.

    ``size`` is the number of subjects in ``facts``; ``folder`` is emptied of what was written to it.
    """
    assert part_rows % 64 == 0
    work = _folder_in(folder)
    job = PartJob(program, str(facts.resolve()), dict(catalogue), str(work))
    context = session.sparkContext
    try:
        shared = context.broadcast(job)
        parts = [(begin, min(part_rows, size - begin)) for begin in range(0, size, part_rows)]
        count = max(1, len(parts))
        coded = context.parallelize(parts, count).map(lambda part: shared.value.code(*part))
        names = [_accepted(found) for found in coded.collect()]
        runs = context.parallelize(names, count).map(lambda name: shared.value.run(name))
        words = [np.load(name, mmap_mode="r") for name in runs.collect()]
        both = np.concatenate(words, axis=2) if words else _empty(program)
        return both[0], both[1]
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _folder_in(folder: Path) -> Path:
    try:
        work = Path(tempfile.mkdtemp(prefix=".match-", dir=folder.resolve()))
        work.chmod(0o755)
    except OSError as error:
        raise BadFacts(f"无法在 {folder} 中写入：{error.strerror}") from error
    return work


def _accepted(found: str | BadFacts) -> str:
    if isinstance(found, BadFacts):
        raise found
    return found


def _empty(program: Program) -> Array:
    return np.zeros((2, len(program.outputs), 0), np.uint64)
