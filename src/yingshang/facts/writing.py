"""Files that appear whole under their name, or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from yingshang.rules.errors import BadFacts


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary path that takes the place of ``path`` at the end; raises :class:`BadFacts`."""
    temporary = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        temporary = Path(name)
        yield temporary
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except (OSError, pa.ArrowException) as error:
        raise BadFacts(f"无法写入 {path}：{error}") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
