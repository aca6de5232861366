"""Registers halls and windows as kinds of content."""

from yingshang.domains.counters.declaring import HALL, WINDOW, CounterWindow, Hall
from yingshang.domains.counters.linting import lint_hall, lint_window
from yingshang.kernel.kinds import KINDS, Kind

KINDS.add(HALL, Kind(HALL, "halls", Hall, lint_hall, after=("organ",)))
KINDS.add(WINDOW, Kind(WINDOW, "counter_windows", CounterWindow, lint_window, after=(HALL,)))
