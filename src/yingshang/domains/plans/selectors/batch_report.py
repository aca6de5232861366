"""What the printed report of a supervision batch (督查报告) says, in the language asked for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import override

from yingshang.cases.labels import label
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case, CaseEvent
from yingshang.domains.plans.models.work import Finding, SupervisedTask, SupervisionBatch
from yingshang.domains.plans.selectors.supervision import ShownDraw, draw_of, drawn_of, pool_of
from yingshang.domains.plans.showing import bucket_of, state_label
from yingshang.kernel.times import SHANGHAI, today
from yingshang.web.dates import day_text

_TOLD = ("feedback", "look_back_result", "due")
"""What an event on a rectification order may say, in the order in which it is printed."""


def batch_report_for(batch: SupervisionBatch, language: str) -> dict[str, Any]:
    """Return the report of a batch that the caller got by a selector, as plain values.

    Everything is at hand before the document is made, so that no transaction waits for it.
    """
    with override(language):
        shown, items = draw_of(batch), drawn_of(batch)
        courses = _courses(items)
        return {
            "title": _t("%(batch)s督查报告") % {"batch": batch.title},
            "foot": batch.title,
            "issuer": str(batch.organ),
            "lang": "zh" if language.startswith("zh") else "en",
            "as_of": _t("截至 %(day)s") % {"day": day_text(today())},
            "purpose": batch.purpose,
            "summary": _summary(shown, items),
            "columns": [_t("抽中"), _t("已督查"), _t("发现问题"), _t("已销号"), _t("逾期未反馈")],
            "organs": _organs(items),
            "draw": _draw(batch, shown),
            "items": [_item(item, courses) for item in items],
            "pool": [_pool_row(item) for item in pool_of(batch)],
            "words": _words(),
        }


def _courses(items: Iterable[SupervisedTask]) -> dict[int, list[CaseEvent]]:
    """Return what happened to each rectification order after it was issued, by case."""
    events = CaseEvent.objects.filter(
        case__in=[finding.case_id for finding in _findings(items)], seq__gt=1
    )
    found: dict[int, list[CaseEvent]] = defaultdict(list)
    for event in events.select_related("actor_organ").order_by("seq"):
        found[event.case_id].append(event)
    return found


def _findings(items: Iterable[SupervisedTask]) -> list[Finding]:
    return [finding for item in items for finding in item.findings.all()]


def _is_visited(item: SupervisedTask) -> bool:
    return getattr(item, "visit", None) is not None


def _counts(items: Sequence[SupervisedTask]) -> list[int]:
    findings = _findings(items)
    return [
        len(items),
        sum(_is_visited(item) for item in items),
        len(findings),
        sum(finding.case.closed_at is not None for finding in findings),
        sum(bucket_of(finding.case).key == "overdue" for finding in findings),
    ]


def _summary(shown: ShownDraw, items: Sequence[SupervisedTask]) -> str:
    if shown.result is None:
        return _t("名单 %(pool)s 项已锁定，尚未抽取。") % {"pool": shown.size}
    drawn, visited, found, closed, late = _counts(items)
    return _t(
        "从 %(pool)s 项在办任务中随机抽取 %(drawn)s 项，已督查 %(visited)s 项，发现问题 %(found)s 个并下达整改通知；其中已销号 %(closed)s 个，整改中 %(open)s 个（逾期 %(late)s 个）。"
    ) % {
        "pool": shown.size,
        "drawn": drawn,
        "visited": visited,
        "found": found,
        "closed": closed,
        "open": found - closed,
        "late": late,
    }


def _organs(items: Sequence[SupervisedTask]) -> list[dict[str, Any]]:
    by_organ: dict[str, list[SupervisedTask]] = defaultdict(list)
    for item in items:
        by_organ[str(item.task.case.holder)].append(item)
    rows = [{"name": name, "counts": _counts(own)} for name, own in by_organ.items()]
    return [*rows, {"name": _t("合计"), "counts": _counts(items)}]


def _draw(batch: SupervisionBatch, shown: ShownDraw) -> dict[str, Any]:
    commitment, result = shown.commitment, shown.result
    locked = _moment(commitment.committed_at)
    facts = [
        [_t("名单锁定"), f"{locked} {batch.opened_by_name}"],
        [
            _t("名单与抽取数"),
            _t("%(pool)s 项中抽 %(pick)s 项") % {"pool": shown.size, "pick": shown.pick},
        ],
        *(
            [_t("来源 %(n)s") % {"n": n}, f"{one['name']}（{one['on']}） {one['numbers']}"]
            for n, one in enumerate(shown.sources, start=1)
        ),
        [_t("方法"), commitment.method],
    ]
    marks = [
        [_t("名单摘要"), f"{commitment.hash}: {commitment.pool_digest}"],
        [_t("存证编号"), commitment.entry],
    ]
    if result is None:
        return {"facts": facts, "marks": marks, "commands": []}
    facts += [[_t("抽取"), _moment(result.drawn_at)]]
    facts += [[_t("回避"), f"{one['member']} {one['ground']}"] for one in result.excluded]
    marks += [[_t("抽签键"), shown.key], [_t("抽取存证编号"), result.entry]]
    commands = [f"yingshang draw --record draw-{batch.draw}.json", shown.command]
    return {"facts": facts, "marks": marks, "commands": commands}


def _moment(at: Any) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _item(item: SupervisedTask, courses: dict[int, list[CaseEvent]]) -> dict[str, Any]:
    case = item.task.case
    if _is_visited(item):
        visit = f"{item.visit.seen_on.isoformat()} {item.visit.recorded_by_name}：{item.visit.note}"
    else:
        visit = _t("督查情况未登记。")
    findings = [
        _finding(n, one.case, courses.get(one.case_id, []))
        for n, one in enumerate(item.findings.all(), start=1)
    ]
    if _is_visited(item) and not findings:
        visit += " " + _t("未发现问题")
    return {
        "drawn": str(item.drawn),
        "title": case.title,
        "organ": str(case.holder),
        "ref": case.ref,
        "place": _t("名单第 %(n)s 号") % {"n": item.place},
        "visit": visit,
        "findings": findings,
    }


def _finding(number: int, case: Case, course: Iterable[CaseEvent]) -> dict[str, Any]:
    bucket = bucket_of(case)
    return {
        "heading": _t("问题 %(n)s") % {"n": number},
        "light": bucket.key,
        "state": state_label(case),
        "facts": [
            [_t("发现的问题"), str(case.data.get("finding", ""))],
            [_t("整改要求"), str(case.data.get("requirement", ""))],
            [_t("反馈时限"), str(case.data.get("due", ""))],
            [_t("整改通知编号"), case.ref],
        ],
        "course": [_told(case, event) for event in course],
    }


def _told(case: Case, event: CaseEvent) -> str:
    """Return one line: the day, what was done by whom, and what was said and handed in."""
    procedure = procedure_of(case.version)
    action = procedure.action_by_key.get(event.action)
    who = " ".join(filter(None, [str(event.actor_organ or ""), event.actor_name]))
    said = [str(event.fields[key]) for key in _TOLD if event.fields.get(key)]
    evidence = event.fields.get("evidence") or {}
    if handed := len(evidence.get("links", ())) + len(evidence.get("files", ())):
        said.append(_t("佐证 %(n)s 件") % {"n": handed})
    text = "；".join(one.rstrip("。") for one in (*said, event.reason) if one)
    day = event.occurred_at.astimezone(SHANGHAI).date().isoformat()
    return f"{day} {label(action) if action else event.action}（{who}）{'：' if text else ''}{text}"


def _pool_row(item: SupervisedTask) -> dict[str, str]:
    case = item.task.case
    return {
        "place": str(item.place),
        "ref": case.ref,
        "title": case.title,
        "organ": str(case.holder),
        "drawn": str(item.drawn or ""),
    }


def _words() -> dict[str, str]:
    return {
        "summary": _t("总体情况"),
        "organ": _t("承办单位"),
        "draw": _t("怎样抽的，怎样验算"),
        "again": _t("下载抽签记录后，任何人都可以在自己的电脑上验算："),
        "drawn": _t("抽中的任务"),
        "course": _t("整改与回头看"),
        "pool": _t("锁定的名单"),
        "pool_note": _t("按存证的次序；最后一列是抽中的次序。"),
        "place": _t("序号"),
        "ref": _t("任务编号"),
        "task": _t("任务"),
        "picked": _t("抽中"),
    }
