"""What the printed progress report of a plan says, as plain values in the language asked for."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import override

from yingshang.domains.plans.models import MeasureVersion, PlanDocument
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.selectors.boards import Board, board_for
from yingshang.domains.plans.selectors.library import list_wordings_of
from yingshang.domains.plans.selectors.tasks import (
    BUCKETS,
    TaskFilters,
    bucket_filter,
    narrowed,
    visible_tasks,
    with_details,
)
from yingshang.domains.plans.showing import BUCKET_WORDS, Bucket, ShownTask, buckets, shown
from yingshang.domains.plans.tasking.progress import Step, progress_of
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.web.dates import day_text

SOON = timedelta(days=30)


def report_for(actor: Actor, plan: PlanDocument, language: str) -> dict[str, Any]:
    """Return the report of a plan that the caller got by a selector, as far as the actor may see.

    Everything is at hand before the document is made, so that no transaction waits for it.
    """
    with override(language):
        filters = TaskFilters(plan=plan.ref)
        tasks = narrowed(visible_tasks(actor), filters, actor)
        chapters, organs = (board_for(actor, by, filters) for by in ("chapter", "organ"))
        day = today()
        soon = tasks.filter(case__closed_at=None, case__due_on__range=(day, day + SOON))
        return {
            "title": _t("%(plan)s进展报告") % {"plan": plan.title},
            "foot": plan.title,
            "issuer": actor.party_name or plan.issuer or _t("营商环境工作平台"),
            "lang": "zh" if language.startswith("zh") else "en",
            "as_of": _t("截至 %(day)s") % {"day": day_text(day)},
            "summary": _summary(chapters),
            "words": _words(),
            "lights": [{"key": b.key, "word": str(b.word)} for b in buckets()],
            "chapters": _lines(chapters),
            "organs": _lines(organs),
            "late": _task_rows(tasks.filter(bucket_filter("overdue", day))),
            "soon": _task_rows(soon),
            "measures": _measure_rows(plan, tasks),
            "note": _t(
                "进度按已确认分项的权重计算，不接受手工填报的百分比；“推定”牵头指方案未写明牵头单位、以第一个单位为牵头。"
            ),
        }


def _words() -> dict[str, str]:
    return {
        "total": _t("合计"),
        "number": _t("序号"),
        "measure": _t("举措"),
        "organ": _t("责任单位"),
        "due": _t("时限"),
        "light": _t("状态"),
        "summary": _t("总体情况"),
        "chapter": _t("章节"),
        "by_organ": _t("各单位情况"),
        "late": _t("逾期任务"),
        "soon": _t("三十日内到期"),
        "measures": _t("举措进展"),
        "lead": _t("牵头单位"),
        "progress": _t("进度"),
    }


def _summary(board: Board) -> str:
    counts = board.sum
    return _t(
        "方案已分解为 %(total)s 项任务：已完成 %(done)s 项，逾期 %(overdue)s 项，即将到期 %(red)s 项，其余 %(rest)s 项按计划推进。"
    ) % {
        "total": counts.total,
        "done": counts.by_bucket["done"],
        "overdue": counts.by_bucket["overdue"],
        "red": counts.by_bucket["red"],
        "rest": sum(counts.by_bucket[name] for name in ("yellow", "green", "idle")),
    }


def _lines(board: Board) -> list[dict[str, Any]]:
    return [
        {"name": line.label or _t("未分章"), "counts": line.counts, "total": line.total}
        for line in board.lines
    ]


def _task_rows(tasks: Any) -> list[dict[str, str]]:
    return [
        {
            "number": str(row.number or ""),
            "title": row.case.title,
            "organ": str(row.case.holder),
            "due": row.case.due_on.isoformat() if row.case.due_on else "",
            "light": row.bucket.key,
            "word": str(row.bucket.word),
        }
        for row in shown(with_details(tasks).order_by("case__due_on", "pk"))
    ]


def _measure_rows(plan: PlanDocument, tasks: Any) -> list[dict[str, str]]:
    """Return one row per measure, those without tasks included."""
    assert plan.current is not None
    others = set(Task.objects.filter(measure__document=plan).values_list("measure_id", flat=True))
    by_measure: dict[int, list[ShownTask]] = defaultdict(list)
    for row in shown(with_details(tasks).order_by("pk")):
        if row.task.measure_id is not None:
            by_measure[row.task.measure_id].append(row)
    return [
        _measure_row(
            wording, by_measure.get(wording.measure_id, []), _empty(wording.measure_id in others)
        )
        for wording in list_wordings_of(plan.current)
    ]


def _empty(is_issued: bool) -> str:
    """Return the word for a measure without a task that the actor may see."""
    return _t("由其他单位承办") if is_issued else _t("未分解")


def _measure_row(wording: MeasureVersion, own: list[ShownTask], empty: str) -> dict[str, str]:
    leads = [row for row in own if row.task.role == "lead"]
    worst = min((row.bucket.key for row in own), key=BUCKETS.index, default=None)
    standing: Bucket = BUCKET_WORDS[worst] if worst else BUCKET_WORDS["idle"]
    return {
        "number": str(wording.number or ""),
        "title": wording.title or wording.text[:60],
        "organ": "、".join(_lead(row.task) for row in leads),
        "due": min(row.task.due_on for row in own).isoformat() if own else "",
        "progress": f"{_percent(own)}%" if own else "",
        "light": standing.key if own else "grey",
        "word": str(standing.word) if own else empty,
    }


def _lead(task: Task) -> str:
    name = str(task.case.holder)
    return _t("%(organ)s（推定）") % {"organ": name} if task.role_assumed else name


def _percent(own: Iterable[ShownTask]) -> int:
    """Return the progress of a measure: the sub-actions of all its tasks by their weights."""
    steps = [step for row in own for step in row.task.sub_actions.all()]
    return progress_of(
        [Step(s.weight, s.reported_in_id is not None, s.confirmed_in_id is not None) for s in steps]
    ).percent
