"""What ``content lint`` says about halls and windows."""

from collections.abc import Iterable, Mapping
from typing import Any

from yingshang.domains.counters.declaring import HALL, WINDOW, CounterWindow, Hall
from yingshang.kernel.kinds import Remark

Known = Mapping[str, Mapping[str, Any]]


def lint_hall(hall: Hall, known: Known) -> Iterable[Remark]:
    """Name organs and items that there are not, and a hall without a window."""
    if hall.organ not in known.get("organ", {}):
        yield "unknown_organ", f"没有名为 {hall.organ} 的机构", ("organ",)
    same = [
        one.key
        for one in known.get(HALL, {}).values()
        if one.code == hall.code and one.key != hall.key
    ]
    if same:
        yield "code_twice", f"大厅代码 {hall.code} 与 {same[0]} 重复", ("code",)
    for place, group in enumerate(hall.groups):
        for item in group.items:
            if item not in known.get("service_item", {}):
                yield "unknown_item", f"没有名为 {item} 的事项", ("groups", place, "items")
    windows = [one for one in known.get(WINDOW, {}).values() if one.hall == hall.key]
    if not windows:
        yield "no_window", "大厅没有任何窗口（counter_window）"
    for place, group in enumerate(hall.groups):
        if windows and not any(_takes(one, group.key, group.items) for one in windows):
            yield "nobody_serves", f"没有窗口受理事项组 {group.key}", ("groups", place)


def _takes(window: CounterWindow, group: str, items: tuple[str, ...]) -> bool:
    last = window.periods[-1]
    return last.end is None and all(last.takes(group, item) for item in items)


def lint_window(window: CounterWindow, known: Known) -> Iterable[Remark]:
    """Name halls, organs, groups and items that there are not, and a number given twice."""
    if window.organ not in known.get("organ", {}):
        yield "unknown_organ", f"没有名为 {window.organ} 的机构", ("organ",)
    hall: Hall | None = known.get(HALL, {}).get(window.hall)
    if hall is None:
        yield "unknown_hall", f"没有名为 {window.hall} 的大厅", ("hall",)
        return
    same = [
        one.key
        for one in known.get(WINDOW, {}).values()
        if one.hall == window.hall and one.number == window.number and one.key != window.key
    ]
    if same:
        yield "number_twice", f"窗口号 {window.number} 与 {same[0]} 重复", ("number",)
    items = {item for group in hall.groups for item in group.items}
    for place, period in enumerate(window.periods):
        for group in period.groups:
            if hall.group(group) is None:
                yield "unknown_group", f"大厅没有事项组 {group}", ("periods", place, "groups")
        for item in period.items:
            if item not in items:
                yield (
                    "unknown_item",
                    f"事项 {item} 不在大厅的任何事项组里，取不到号",
                    ("periods", place, "items"),
                )
