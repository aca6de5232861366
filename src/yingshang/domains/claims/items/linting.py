"""What is wrong with a claim item, found before anybody can claim."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yingshang.domains.claims.items.declaring import ClaimItem, Instalment
from yingshang.domains.claims.items.names import FIELD, ITEM
from yingshang.facts.derived_types import NotDerivable
from yingshang.forms.linting import catalogue_in
from yingshang.kernel.kinds import KINDS, Remark
from yingshang.rules.checking import check
from yingshang.rules.declarations import Declarations
from yingshang.rules.errors import RuleFault
from yingshang.rules.results import Amount, compile_results
from yingshang.rules.types import INT

Known = Mapping[str, Mapping[str, Any]]


def lint_item(item: ClaimItem, known: Known) -> Iterable[Remark]:
    """Yield what does not fit rule, organ, fund, notice and the other items."""
    yield from _names(item, known)
    yield from _excluded(item, known)
    yield from _fields(item)
    yield from _ranking(item)
    yield from _fund(item, known)
    try:
        yield from _texts(item, known)
    except NotDerivable:
        return


def _names(item: ClaimItem, known: Known) -> Iterator[Remark]:
    wanted = [
        ("policy", item.policy, ("policy",), "政策规则"),
        ("organ", item.organ, ("organ",), "机构"),
    ]
    wanted += [("material", key, ("materials",), "材料") for key in item.materials]
    if item.scoring is not None:
        wanted.append((FIELD, item.scoring.field, ("scoring",), "专家领域"))
    if item.notice is not None:
        wanted.append(("public_notice", item.notice.key, ("notice",), "公示"))
    for kind, key, place, word in wanted:
        if key not in known.get(kind, {}):
            yield f"unknown_{kind}", f"没有名为 {key} 的{word}", place


def _fund(item: ClaimItem, known: Known) -> Iterator[Remark]:
    if KINDS.find("fund") is None:
        return
    fund = known.get("fund", {}).get(item.fund)
    if fund is None:
        yield "unknown_fund", f"没有名为 {item.fund} 的资金", ("fund",)
    elif item.budget_line not in {line.key for line in fund.budget_lines}:
        yield "unknown_line", f"资金 {item.fund} 没有科目 {item.budget_line}", ("budget_line",)


def _ranking(item: ClaimItem) -> Iterator[Remark]:
    """Find a ranking that would decide nothing, and lots that are drawn for lists alone."""
    ranking = item.ranking
    if ranking is None:
        return
    if item.way == "form":
        message = "一表申报逐项决定，不排序；请改用 automatic 或 scored，或者删去 ranking"
        yield "ranking_unused", message, ("ranking",)
    if item.way == "scored" and ranking.ties == "draw":
        message = "评审的并列不抽签：得分相同的请用 by 再排，或者写 ties: include 或 exclude"
        yield "ties_unfit", message, ("ranking", "ties")
    if ranking.quota is None and ranking.budget is None:
        yield "ranking_unbounded", "没有名额（quota）或者预算（budget），排序不起作用", ("ranking",)


def _excluded(item: ClaimItem, known: Known) -> Iterator[Remark]:
    for place in ("excludes", "excludes_ever"):
        for key in getattr(item, place):
            if key == item.key:
                yield "excludes_itself", "不必写与自己互斥：同一期间本来只兑现一次", (place,)
            elif key not in known.get(ITEM, {}):
                yield "unknown_item", f"没有名为 {key} 的兑现事项", (place,)


def _fields(item: ClaimItem) -> Iterator[Remark]:
    asked = {one.key for one in item.asks}
    for key in item.evidence:
        if key not in asked and key not in item.materials:
            yield "unknown_field", f"asks、materials 里都没有 {key}", ("evidence",)
    keys = [one.key for one in item.asks]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield "key_twice", f"字段 {key} 写了两次", ("asks",)
    if any(_is_unlabelled(one) for one in item.instalments) and len(item.instalments) > 1:
        yield (
            "instalment_unlabelled",
            "分期支付的每一期（验收后）要写 label 和 label_en",
            ("instalments",),
        )


def _is_unlabelled(one: Instalment) -> bool:
    return one.when == "accepted" and not (one.label and one.label_en)


def _texts(item: ClaimItem, known: Known) -> Iterator[Remark]:
    rule = known.get("policy", {}).get(item.policy)
    if rule is None:
        return
    parameters = {key: one.parameter for key, one in known.get("parameter", {}).items()}
    declarations = catalogue_in(known).declarations(rule.valid_from, parameters)
    yield from _amount(item, rule.results, declarations)
    for place, one in enumerate(item.ranking.by if item.ranking is not None else ()):
        try:
            check(one.text, declarations)
        except RuleFault as fault:
            yield fault.code, str(fault), ("ranking", "by", place, "text")


def _amount(
    item: ClaimItem, results: Mapping[str, Any], declarations: Declarations
) -> Iterator[Remark]:
    if item.amount not in results:
        yield "unknown_result", f"规则 {item.policy} 没有结果 {item.amount}", ("amount",)
        return
    try:
        found = compile_results({item.amount: results[item.amount]}, declarations)[item.amount]
    except RuleFault:
        return  # told at the rule
    if not isinstance(found, Amount) and found.type != INT:
        message = f"规则 {item.policy} 的结果 {item.amount} 不是金额（分）"
        yield "result_not_money", message, ("amount",)
