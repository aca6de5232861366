"""Running rehearsals through the real actions, each in a transaction that is rolled back."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from yingshang.content.actions import load_packs
from yingshang.content.cast import Cast
from yingshang.content.packs import pack_folders, read_packs
from yingshang.content.permissions import LOAD
from yingshang.content.rehearsals import Rehearsal, Step
from yingshang.content.views import VIEWS
from yingshang.kernel.errors import DomainError
from yingshang.kernel.registry import UnknownName
from yingshang.kernel.times import SHANGHAI, FrozenClock, frozen
from yingshang.kernel.workdays import add_workdays
from yingshang.ledger.sequencing import sequence_now
from yingshang.parties.acting import call_by_name
from yingshang.parties.actors import system_actor

_EXPRESSION = re.compile(r"\$\{([^}]+)\}")


class StepFailed(AssertionError):
    """A step went otherwise than the rehearsal says."""


@dataclass(frozen=True)
class Outcome:
    """How one rehearsal went; ``failed_step`` counts from 1, 0 means that the setting failed."""

    pack: str
    key: str
    ok: bool
    failed_step: int | None = None
    why: str = ""


def list_rehearsals(names: Iterable[str] = ()) -> list[tuple[str, Rehearsal]]:
    """Return the rehearsals of the named packs, or of all packs, with their pack's name."""
    wanted = set(names) or set(pack_folders())
    return [
        (pack.manifest.name, one.value)
        for pack in read_packs(sorted(wanted))
        if pack.manifest.name in wanted
        for one in pack.declared
        if isinstance(one.value, Rehearsal)
    ]


def rehearse(pack: str, rehearsal: Rehearsal) -> Outcome:
    """Run one rehearsal and undo it; the database must be migrated and is left as it was."""
    run = _Run(pack, rehearsal)
    try:
        with transaction.atomic(), frozen(rehearsal.given.at) as clock:
            try:
                run.go(clock)
            finally:
                transaction.set_rollback(True)
    except (StepFailed, DomainError, UnknownName) as error:
        code = f" [{error.code}]" if isinstance(error, DomainError) else ""
        return Outcome(pack, rehearsal.key, False, run.step, f"{error}{code}")
    return Outcome(pack, rehearsal.key, True)


class _Run:
    def __init__(self, pack: str, rehearsal: Rehearsal) -> None:
        self.pack = pack
        self.rehearsal = rehearsal
        self.step = 0

    def go(self, clock: FrozenClock) -> None:
        self.clock = clock
        packs = tuple(dict.fromkeys((*self.rehearsal.given.packs, self.pack)))
        load_packs(system_actor("rehearsal", LOAD), names=packs)
        self.cast = Cast(self.rehearsal.given)
        self.saved = dict(self.cast.names)
        for step in self.rehearsal.steps:
            self.step += 1
            self._do(step)

    def _do(self, step: Step) -> None:
        if step.wait is not None:
            self._wait(step)
        elif step.do is not None:
            self._act(step)
        else:
            self._look(step)

    def _wait(self, step: Step) -> None:
        """Let time pass; what the worker does within a minute has happened by then."""
        sequence_now()
        number, unit = step.waited
        moment = self.clock.moment.astimezone(SHANGHAI)
        if unit == "working":
            day = add_workdays(moment.date(), number).date
            self.clock.set(moment.replace(year=day.year, month=day.month, day=day.day))
        else:
            self.clock.set(moment + timedelta(**{f"{unit}s": number}))

    def _act(self, step: Step) -> None:
        assert step.do is not None
        assert step.actor is not None
        parameters = resolve(step.parameters, self.saved)
        try:
            with transaction.atomic():
                result = call_by_name(step.do, self.cast.actor(step.actor), parameters)
        except DomainError as error:
            self._check_refusal(step, error)
            return
        if step.refused is not None:
            raise StepFailed(f"{step.do} 本应以 {step.refused.code} 拒绝，却办成了")
        if step.save is not None:
            self.saved[step.save] = result

    def _check_refusal(self, step: Step, error: DomainError) -> None:
        if step.refused is None:
            raise error
        if error.code != step.refused.code:
            raise StepFailed(f"本应以 {step.refused.code} 拒绝，实际是 {error.code}：{error}")
        if step.refused.says not in str(error):
            raise StepFailed(f"拒绝的说明里应有“{step.refused.says}”，实际是：{error}")

    def _look(self, step: Step) -> None:
        assert step.expect is not None
        assert step.actor is not None
        view = VIEWS.get(step.expect)
        try:
            seen = view(self.cast.actor(step.actor), **resolve(step.parameters, self.saved))
        except DomainError as error:
            self._check_refusal(step, error)
            return
        if step.refused is not None:
            raise StepFailed(f"{step.expect} 本应以 {step.refused.code} 拒绝，却看到了 {seen!r}")
        self._compare(step, seen)
        if step.save is not None:
            self.saved[step.save] = seen

    def _compare(self, step: Step, seen: Any) -> None:
        if step.equals is not None:
            _demand(differences(resolve(step.equals, self.saved), seen))
        for wanted in resolve(step.has, self.saved):
            if not any(not list(differences(wanted, item)) for item in seen):
                raise StepFailed(f"没有看到 {wanted!r}，只有 {seen!r}")
        for unwanted in resolve(step.lacks, self.saved):
            if any(not list(differences(unwanted, item)) for item in seen):
                raise StepFailed(f"不应看到 {unwanted!r}")
        if step.count is not None and len(seen) != step.count:
            raise StepFailed(f"应有 {step.count} 项，实有 {len(seen)} 项")


def _demand(found: Iterator[str]) -> None:
    if first := next(found, None):
        raise StepFailed(first)


def differences(wanted: Any, seen: Any, path: str = "") -> Iterator[str]:
    """Yield where ``seen`` is not as ``wanted``: mappings may hold more, lists must be as long."""
    if isinstance(wanted, Mapping) and isinstance(seen, Mapping):
        for key, value in wanted.items():
            if key not in seen:
                yield f"{path}{key}：没有"
            else:
                yield from differences(value, seen[key], f"{path}{key}.")
    elif isinstance(wanted, list | tuple) and isinstance(seen, list | tuple):
        if len(wanted) != len(seen):
            yield f"{path.rstrip('.')}：应有 {len(wanted)} 项，实有 {len(seen)} 项：{seen!r}"
        for place, (one, other) in enumerate(zip(wanted, seen, strict=False)):
            yield from differences(one, other, f"{path}{place}.")
    elif _plain(wanted) != _plain(seen):
        yield f"{path.rstrip('.') or '结果'}：应为 {wanted!r}，实为 {seen!r}"


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def resolve(value: Any, saved: Mapping[str, Any]) -> Any:
    """Replace ``${name.attribute}`` in texts by what was saved; a text that is one place keeps its type.

    Raises :class:`StepFailed` for a name that was not saved or has no such attribute.
    """
    if isinstance(value, Mapping):
        return {key: resolve(item, saved) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [resolve(item, saved) for item in value]
    if not isinstance(value, str):
        return value
    if whole := _EXPRESSION.fullmatch(value):
        return _lookup(whole[1], saved)
    replace: Callable[[re.Match[str]], str] = lambda match: str(_lookup(match[1], saved))  # noqa: E731
    return _EXPRESSION.sub(replace, value)


def _lookup(path: str, saved: Mapping[str, Any]) -> Any:
    value: Any = saved
    for part in path.strip().split("."):
        try:
            if part.startswith("_"):
                raise KeyError(part)
            if isinstance(value, Mapping):
                value = value[part]
            elif isinstance(value, list | tuple):
                value = value[int(part)]
            else:
                value = getattr(value, part)
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            raise StepFailed(f"${{{path}}}：这里没有 {part}") from error
    return value
