"""Doing one thing after another such that the failure of one stops no other."""

import logging
from dataclasses import dataclass, field
from types import TracebackType

log = logging.getLogger(__name__)


class SomeFailed(RuntimeError):
    """Some parts of a job failed; the others are done. The job counts as failed and says which."""


@dataclass
class Isolated:
    """Collects what failed: ``with isolated.part("some name"): ...`` lets no error pass."""

    job: str
    failures: dict[str, str] = field(default_factory=dict)

    def part(self, name: str) -> "_Part":
        """Return the context of one part."""
        return _Part(self, name)

    def report(self) -> None:
        """Raise :class:`SomeFailed` with the names and first reason, if anything failed."""
        if self.failures:
            named = "；".join(f"{name}: {why}" for name, why in self.failures.items())
            raise SomeFailed(f"{self.job} 有 {len(self.failures)} 项未完成：{named}")


@dataclass
class _Part:
    whole: Isolated
    name: str

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        log.error("%s: %s failed", self.whole.job, self.name, exc_info=(kind, error, trace))  # type: ignore[arg-type]
        self.whole.failures[self.name] = f"{type(error).__name__}: {error}"
        return True
