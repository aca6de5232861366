"""Drawing a document: which article says what, and the rule that rests on each clause."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from tools.policies.fragments import Condition, Sum, chinese
from tools.policies.model import Item, Support, Text

DEADLINE = "每年3月1日至10月31日"
EXCLUSIONS = (
    ("被列入严重违法失信名单的", "enterprise.seriously_dishonest"),
    ("被列入经营异常名录的", "enterprise.abnormal"),
    ("有欠缴税款的", "enterprise.tax_arrears > 0"),
    ("被列为失信被执行人的", "enterprise.dishonest_debtor"),
    ("被列入拖欠农民工工资失信名单的", "enterprise.on_wage_list"),
)


@dataclass
class Document:
    """A document as it is drawn, with its rules and items in the forms of their kinds."""

    body: dict[str, Any]
    policies: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class _Articles:
    clauses: list[dict[str, Any]] = field(default_factory=list)
    number: int = 0

    def add(self, text: str, *marks: str) -> str:
        """Add an article; return what it is called."""
        self.number += 1
        label = f"第{chinese(self.number)}条"
        self.clauses.append({"label": label, "text": text, "marks": list(marks)})
        return label

    def part(self, article: str, text: str, mark: str, *, place: int = 0) -> str:
        """Add an item (with a place) or the second paragraph of an article."""
        label = f"{article}第{chinese(place)}项" if place else f"{article}第二款"
        words = f"（{chinese(place)}）{text}" if place else text
        self.clauses.append({"label": label, "text": words, "marks": [mark]})
        return label


def draw(support: Support, text: Text, number: int, rng: Random) -> Document:
    """Draw a document with everything that rests on it."""
    articles = _Articles()
    articles.add(f"为{text.why}，结合本区实际，制定本办法。", "purpose")
    articles.add(f"本办法由{support.organ_name}会同区财政局组织实施。", "authority")
    excluded = _exclude(articles, rng)
    document = Document({})
    since = _dates(rng)
    for item in text.items:
        _grant(document, support, text, item, articles, excluded, since, rng)
    _close(articles, since[2])
    document.body = {
        "key": f"qj-{text.key}",
        "title": text.title,
        "title_en": text.title_en,
        "number": f"{support.mark}〔{since[0].year}〕{number}号",
        "issuer": support.organ,
        "level": "district",
        "issued_on": since[0].isoformat(),
        "published_on": (since[0] + timedelta(days=5)).isoformat(),
        "valid_from": since[1].isoformat(),
        "valid_to": since[2].isoformat(),
        "inclusive": text.inclusive,
        "topics": [support.topic],
        "interpretation": _interpret(text),
        "interpretation_en": f"It grants: {'; '.join(one.label_en for one in text.items)}.",
        "clauses": articles.clauses,
    }
    return document


def _interpret(text: Text) -> str:
    parts = [f"{one.label}：{one.summary}" for one in text.items]
    return f"本办法共{chinese(len(parts))}项支持。{''.join(parts)}"


def _dates(rng: Random) -> tuple[date, date, date]:
    """Return when a document is issued, takes effect (at least 30 days later), and ends."""
    issued = date(2025, 11, 3) + timedelta(days=rng.randrange(0, 240))
    return (
        issued,
        issued + timedelta(days=rng.randrange(31, 45)),
        date(rng.choice((2027, 2028)), 12, 31),
    )


def _exclude(articles: _Articles, rng: Random) -> list[tuple[str, str]]:
    """Add the article on who gets nothing; return each clause with what it excludes."""
    article = articles.add("申请企业应当依法诚信经营。有下列情形之一的，不予支持：", "other")
    chosen = rng.sample(EXCLUSIONS, 3)
    return [
        (articles.part(article, f"{words}；", "exclusion", place=place), text)
        for place, (words, text) in enumerate(chosen, 1)
    ]


def _grant(
    document: Document,
    support: Support,
    text: Text,
    item: Item,
    articles: _Articles,
    excluded: list[tuple[str, str]],
    since: tuple[date, date, date],
    rng: Random,
) -> None:
    """Add the article of one item, its rule and what can be claimed."""
    article = articles.add(
        f"{item.label}。在本区登记、同时符合下列条件的企业，可以享受{item.label}：", "other"
    )
    drawn = [one(rng) for one in item.conditions]
    conditions: list[Any] = [
        {
            "text": one.text,
            "clause": articles.part(article, f"{one.wording}；", "condition", place=place),
        }
        for place, one in enumerate(drawn, 1)
    ]
    conditions += [{"not": {"text": words, "clause": clause}} for clause, words in excluded]
    amount = item.amount(rng)
    sums = articles.part(article, f"符合前款条件的，{amount.wording}。", "amount")
    asked = _asked(item, drawn, amount)
    document.policies.append(
        {
            "key": item.key,
            "title": item.label,
            "title_en": item.label_en,
            "summary": item.summary,
            "summary_en": item.summary_en,
            "issuer": f"清江区{support.organ_name.removeprefix('区')}（虚构）",
            "source": f"《{text.title}》{article}",
            "text": f"qj-{text.key}",
            "valid_from": since[1].isoformat(),
            "valid_to": since[2].isoformat(),
            "condition": {"all": conditions},
            "results": {"amount": amount.result},
            "results_clause": sums,
            **({"asks": asked, "asks_clause": sums} if asked else {}),
        }
    )
    document.items.append(_item(support, item))


def _asked(item: Item, drawn: list[Condition], amount: Sum) -> list[str]:
    """Return the facts that the firm hands in, each once."""
    base = str(amount.result["base"])
    found = [one.asked for one in drawn if one.asked]
    found += [key for key in item.asks if key in base or key not in found]
    return list(dict.fromkeys(found))


def _item(support: Support, item: Item) -> dict[str, Any]:
    return {
        "key": item.key,
        "label": item.label,
        "label_en": item.label_en,
        "policy": item.key,
        "amount": "amount",
        "organ": support.organ,
        "fund": support.fund,
        "budget_line": support.line,
        "way": item.way,
        **({"window": {"from": "2026-03-01", "to": "2026-12-20"}} if item.way == "scored" else {}),
        **({"materials": list(item.materials)} if item.materials else {}),
        **({"excludes": list(item.excludes)} if item.excludes else {}),
        "notice": {"key": "intended-grants"},
        **item.more,
        "clawback": [
            {
                "key": "untrue", "label": "提供虚假材料骗取资金", "label_en": "Obtained by untrue statements",
                "clause": "第九条",
            }
        ],
        "per": item.per,
        "limit_days": 20,
    }  # fmt: skip


def _close(articles: _Articles, until: date) -> None:
    articles.add(
        f"需要申报的项目，申报时间为{DEADLINE}；能够由数据核定的项目，免申即享。", "window"
    )
    articles.add(
        "区主管部门自受理之日起二十个工作日内完成审核，拟支持名单向社会公示五个工作日。",
        "procedure",
    )
    articles.add("提供虚假材料骗取资金的，收回已拨付资金，三年内不再受理其申请。", "clawback")
    articles.add(f"本办法有效期至{until.year}年{until.month}月{until.day}日。", "validity")
