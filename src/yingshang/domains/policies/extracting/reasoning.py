"""Who is eligible at all, and what each amount needs of its own: the logic over the numbered conditions."""

import re
from itertools import combinations, pairwise
from typing import Any, Final

from yingshang.domains.policies.extracting import wording
from yingshang.domains.policies.extracting.model import Amount, Condition, Logic
from yingshang.domains.policies.extracting.numerals import read_number
from yingshang.domains.policies.extracting.statements import Statement

TIGHT: Final = re.compile(r"[的“”（）\s]*")
EITHER: Final = re.compile(r"或(?!缺)")
SORTS: Final = re.compile(
    r"(?:企业|个体工商户|户|人才|毕业生|研究生|合作社|公司|机构|单位)(?:和|及|以及|、|与)$"
)
SORTED: Final = frozenset(
    f"enterprise.{name}"
    for name in (
        "size",
        "type",
        "high_tech",
        "tech_sme",
        "sme_level",
        "employees",
        "holding",
        "above_scale",
        "vat_taxpayer",
    )
)


def all_of(items: list[Any]) -> Any:
    """Return one item as it is, several under ``all``."""
    return items[0] if len(items) == 1 else {"all": items}


def any_of(items: list[Any]) -> Any:
    """Return one item as it is, several under ``any``."""
    return items[0] if len(items) == 1 else {"any": items}


def as_logic(items: list[Any]) -> Logic:
    """Return a logic; a single logic stands for itself."""
    if len(items) == 1 and isinstance(items[0], dict):
        return items[0]
    return {"all": items}


def reason(
    text: str, conditions: list[Condition], amounts: list[Amount], statements: list[Statement]
) -> Logic:
    """Return the logic of eligibility and give each amount its ``when`` and ``group``."""
    own = _own(text, conditions, amounts, statements)
    _share(text, conditions, amounts, own)
    shared = _divided(text, conditions, amounts, own)
    bound = {number for numbers in own for number in numbers} - shared
    free = [n for n in range(len(conditions)) if n not in bound]
    return as_logic(_lists(text, conditions, free, statements))


def _divided(
    text: str, conditions: list[Condition], amounts: list[Amount], own: list[list[int]]
) -> set[int]:
    """Return what several sums told with 分别 have in common."""
    found: set[int] = set()
    promised = _by_bundle(amounts)
    for numbers in own:
        mine = [a for a in promised[conditions[numbers[0]].bundle] if a.when]
        if len(mine) > 1 and "分别" in mine[0].piece.of(text):
            used = {n for a in mine for n in (a.when or {}).get("all", []) if isinstance(n, int)}
            found |= set(numbers) - used
    return found


def _own(
    text: str, conditions: list[Condition], amounts: list[Amount], statements: list[Statement]
) -> list[list[int]]:
    """Return the conditions that belong to one promise alone, promise by promise."""
    paying = _by_bundle(amounts)
    asked: dict[int, list[int]] = {bundle: [] for bundle in paying}
    for number, condition in enumerate(conditions):
        if condition.bundle in asked and not condition.refused:
            asked[condition.bundle].append(number)
    named = list(asked.values())
    with_conditions = [numbers for numbers in named if numbers]
    if statements and statements[-1].article > 0:
        return [
            numbers
            for numbers in with_conditions
            if statements[conditions[numbers[0]].statement - 1].role not in ("scope", "require")
        ]
    if len(paying) < 2 or not with_conditions:
        return with_conditions if len(amounts) > 1 and "分别" in amounts[0].piece.of(text) else []
    first, *later = named
    later = [numbers for numbers in later if numbers]
    if not later or not first:
        return later
    if len({conditions[n].statement for group in named for n in group}) == 1 and len(first) == 1:
        return [first, *later]
    rung = [
        n for n in first if any(_rungs(conditions, n, other) for group in later for other in group)
    ]
    if rung and not _adds(conditions, amounts, later):
        return [rung, *later]
    return later


def _by_bundle(amounts: list[Amount]) -> dict[int, list[Amount]]:
    """Return amounts by the promise in which they stand, in order."""
    found: dict[int, list[Amount]] = {}
    for amount in sorted(amounts, key=lambda a: a.bundle):
        found.setdefault(amount.bundle, []).append(amount)
    return found


def _rungs(conditions: list[Condition], one: int, other: int) -> bool:
    """Tell whether two conditions are rungs of one thing."""
    a, b = conditions[one], conditions[other]
    if a.fact is not None:
        return a.fact == b.fact
    if b.fact is not None or (a.unit is None) != (b.unit is None):
        return False
    return a.unit == b.unit if a.unit is not None else _is_sort(a) and _is_sort(b)


def _is_sort(one: Condition) -> bool:
    return one.fact in SORTED or (
        one.fact is None and one.unit is None and one.piece.end - one.piece.start <= 8
    )


def _adds(conditions: list[Condition], amounts: list[Amount], later: list[list[int]]) -> bool:
    """Tell whether the later sums come on top of the first."""
    bundles = {conditions[numbers[0]].bundle for numbers in later}
    forms = {a.form for a in amounts if a.bundle in bundles}
    return forms <= {"ceiling", "uplift"}


def _share(
    text: str, conditions: list[Condition], amounts: list[Amount], own: list[list[int]]
) -> None:
    """Write ``when`` and ``group``; ``分别`` gives each of several sums its own condition."""
    groups, promised = 0, _by_bundle(amounts)
    for numbers in own:
        mine = promised[conditions[numbers[0]].bundle]
        if len(mine) > 1 and len(numbers) >= len(mine) and "分别" in mine[0].piece.of(text):
            groups += 1
            for amount, number in zip(mine, _row(conditions, numbers, len(mine)), strict=True):
                amount.when, amount.group = {"all": [number]}, groups
            continue
        for amount in mine:
            amount.when = as_logic(_joined(text, conditions, numbers))
    _group(conditions, amounts, own, groups)


def _row(conditions: list[Condition], numbers: list[int], count: int) -> list[int]:
    """Return so many neighbouring conditions on one thing, else the last ones."""
    for first in range(len(numbers) - count + 1):
        row = numbers[first : first + count]
        kinds = {(conditions[n].fact, conditions[n].unit, conditions[n].op) for n in row}
        if len(kinds) == 1 and conditions[row[0]].unit:
            return row
    return numbers[-count:]


def _group(
    conditions: list[Condition], amounts: list[Amount], own: list[list[int]], groups: int
) -> None:
    """Number together the sums of neighbouring promises whose conditions are rungs of one thing."""
    promised = _by_bundle(amounts)
    for before, numbers in pairwise(own):
        if not any(_rungs(conditions, a, b) for a in before for b in numbers):
            continue
        pair = [promised[conditions[n[0]].bundle][0] for n in (before, numbers)]
        if pair[1].form in ("ceiling", "uplift"):
            continue
        if pair[0].group is None:
            groups += 1
            pair[0].group = groups
        pair[1].group = pair[0].group


def _lists(
    text: str, conditions: list[Condition], free: list[int], statements: list[Statement]
) -> list[Any]:
    """Return what must hold, list by list: 之一 is any, 其中两项 is any two."""
    lists: dict[tuple[str, int], list[int]] = {}
    items: list[Any] = []
    for number in free:
        one = statements[conditions[number].statement - 1]
        key = (
            ("list", one.listed)
            if one.listed and one.manner
            else ("statement", conditions[number].statement)
        )
        lists.setdefault(key, []).append(number)
    for key, numbers in lists.items():
        if key[0] == "list":
            items.append(_chosen(text, conditions, numbers, statements))
        else:
            items += _sentence(text, conditions, numbers, items)
    return items


def _chosen(
    text: str, conditions: list[Condition], numbers: list[int], statements: list[Statement]
) -> Any:
    manner = statements[conditions[numbers[0]].statement - 1].manner
    ways: dict[int, list[int]] = {}
    for number in numbers:
        ways.setdefault(conditions[number].statement, []).append(number)
    branches = [all_of(_joined(text, conditions, way)) for way in ways.values()]
    if manner == "any" or len(branches) < 2:
        return any_of(branches)
    count = int(read_number(manner) or 1)
    return any_of(
        [all_of(list(some)) for some in combinations(branches[:8], min(count, len(branches[:8])))]
    )


def _sentence(
    text: str, conditions: list[Condition], numbers: list[int], earlier: list[Any]
) -> list[Any]:
    """Return the requirements of one statement; an exception stands beside what it frees from."""
    exempting = [n for n in numbers if conditions[n].exempts]
    asked = [n for n in numbers if not conditions[n].exempts]
    items = _joined(text, conditions, asked)
    some = _some(text, conditions, asked)
    if some is not None:
        items = some
    if not exempting:
        return items
    cut = 0 if all(conditions[n].refused for n in asked) else len(items) - 1
    base, head = items[cut:], items[:cut]
    if not base and earlier:
        refused = [earlier.pop()]
        while (
            earlier
            and isinstance(earlier[-1], int)
            and _same_sentence(conditions, earlier[-1], numbers[0])
        ):
            refused.insert(0, earlier.pop())
        base = refused
    return [*head, {"any": [all_of(base), all_of(exempting)]}] if base else [all_of(exempting)]


def _same_sentence(conditions: list[Condition], one: int, other: int) -> bool:
    return conditions[other].statement - conditions[one].statement <= 1


def _some(text: str, conditions: list[Condition], numbers: list[int]) -> list[Any] | None:
    """Read ``…，三者具备其一`` and ``…，满足其中两项`` behind the conditions that they count."""
    if len(numbers) < 2:
        return None
    end = conditions[numbers[-1]].piece.end
    tail = text[end : end + 16]
    if re.match(r"的?，[^，。；]{0,6}(?:其一|之一|任一)", tail):
        return [any_of(numbers)]
    match = wording.SOME_OF.search(tail)
    if match and match.start() <= 6:
        count = int(read_number(match[1]) or 1)
        return [any_of([all_of(list(some)) for some in combinations(numbers[:8], count)])]
    return None


def _joined(text: str, conditions: list[Condition], numbers: list[int]) -> list[Any]:
    """Join conditions in the order of the text: 的 binds closest, then 或, then everything else."""
    if not numbers:
        return []
    blocks: list[list[list[int]]] = [[[numbers[0]]]]
    for before, number in pairwise(numbers):
        between = text[
            conditions[before].piece.end : max(
                conditions[before].piece.end, conditions[number].piece.start
            )
        ]
        overlapping = conditions[number].piece.start < conditions[before].piece.end
        lead = text[conditions[before].piece.start : conditions[number].piece.start]
        refused = conditions[before].refused and conditions[number].refused
        if (
            not overlapping
            and not refused
            and (
                EITHER.search(between)
                or (SORTS.search(lead) and _are_sorts(text, conditions[before], conditions[number]))
            )
        ):
            blocks[-1].append([number])
        elif TIGHT.fullmatch(between) and not overlapping:
            blocks[-1][-1].append(number)
        else:
            blocks.append([[number]])
    return [x for block in blocks for x in _block(block)]


def _block(block: list[list[int]]) -> list[Any]:
    if len(block) == 1:
        return list(block[0])
    return [{"any": [all_of(way) for way in block]}]


def _are_sorts(text: str, one: Condition, other: Condition) -> bool:
    """Tell whether two conditions name sorts of applicants, of which one is enough."""
    words = other.piece.of(text)
    named = (
        re.search(r"(?:企业|个体工商户|户|人才|毕业生|研究生|合作社|公司|机构|单位)$", words)
        is not None
    )
    return (one.fact in SORTED or one.fact is None) and (other.fact in SORTED or named)
