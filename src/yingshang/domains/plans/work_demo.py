"""The demonstration's work on plans: some months of tasks in every light, supervision and meetings.

Everything goes through the actions that people use, in the order of time and with the clock set to
when it happened. Chance is seeded, so that every demonstration of one day is the same.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from yingshang.cases.actions import act, open_case
from yingshang.cases.models import Case
from yingshang.cases.permissions import HANDLE
from yingshang.cases.permissions import READ as READ_CASES
from yingshang.documents.actions import upload
from yingshang.domains.plans.actions.meetings import Decided, record_meeting
from yingshang.domains.plans.actions.progress_sheets import hand_in_progress_sheet
from yingshang.domains.plans.actions.sub_actions import Part, split_task
from yingshang.domains.plans.actions.supervision import (
    Found,
    PublicSource,
    draw_batch,
    open_batch,
    record_visit,
)
from yingshang.domains.plans.actions.tasks import issue_tasks
from yingshang.domains.plans.models import (
    Meeting,
    PlanDocument,
    ProgressSheet,
    SupervisedTask,
    SupervisionBatch,
)
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.permissions import READ
from yingshang.domains.plans.reporting.progress_sheet import SheetTask, render_progress_sheet
from yingshang.domains.plans.selectors.progress_sheets import list_reportable_for
from yingshang.kernel.times import SHANGHAI, FrozenClock, frozen, now, today
from yingshang.kernel.workdays import add_workdays
from yingshang.ledger.sequencing import sequence_now
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.parties.models import Organ
from yingshang.web.examples import example

SEED = 20260202
BACK = 170
"""Days before today on which the tasks were issued, or soon after the plan where that is later."""

_PEOPLE = [
    "王芳",
    "李军",
    "张敏",
    "刘洋",
    "陈杰",
    "杨丽",
    "黄涛",
    "吴静",
    "周强",
    "徐燕",
    "孙鹏",
    "朱琳",
    "胡波",
    "郭颖",
    "何斌",
    "林娜",
]
_DONE = "各项要求已经落实，材料齐备。"
_REPORTS = (
    "已制定实施细则并完成内部征求意见。",
    "已走访企业三十余家，问题清单逐条销号。",
    "系统改造完成联调，正在试运行。",
    "已与配合单位会商，分工和接口已经明确。",
)


@dataclass(frozen=True)
class Happening:
    """Something that happened at a moment."""

    at: datetime
    do: Callable[[], object]


def _at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def _evidence(name: str) -> dict[str, list[str]]:
    return {"links": [f"https://example.org/qingjiang/{name}"]}


@demo_builder("plans.work", order=50)
def build_work() -> None:
    """Issue the tasks of this year's plan and let some months pass."""
    office = demo_actor("plan")
    plan = PlanDocument.objects.get(year=2026, current__measures__number=50)
    begins = max(today() - timedelta(days=BACK), min(plan.issued_on or today(), today()))
    present = now()
    with frozen(_at(add_workdays(begins, 2).date, 9)) as clock:
        if clock.moment > present:
            clock.set(present)
        issue_tasks(office, document=plan.ref)
        history = [one for task in _tasks() for one in _life(task, office, present)]
        history += [*_meetings(office, present), *_supervision(present)]
        _let_happen(history, clock, present)


def _let_happen(history: list[Happening], clock: FrozenClock, present: datetime) -> None:
    start = clock.moment
    for one in sorted(history, key=lambda happening: happening.at):
        if start < one.at <= present:
            clock.set(one.at)
            one.do()
    clock.set(present)


def _tasks() -> list[Task]:
    return list(Task.objects.select_related("case", "organ", "measure__current").order_by("pk"))


def _handler(organ: Organ) -> Actor:
    """Return somebody of an organ; the demonstration gives accounts to a few only."""
    name = _PEOPLE[organ.pk % len(_PEOPLE)]
    actor = system_actor("demo", READ, READ_CASES, HANDLE)
    return replace(actor, organ_id=organ.pk, name=name, party_name=str(organ))


def _life(task: Task, office: Actor, present: datetime) -> Iterator[Happening]:
    """Yield what happens to one task; what would lie in the future is left out later."""
    rng = random.Random(SEED + task.pk)  # noqa: S311 (a story, no secret)
    handler, ref = _handler(task.organ), task.case.ref

    def deed(day: date, actor: Actor, action: str, **more: Any) -> Happening:
        moment = _at(day, rng.randint(9, 17), rng.randint(0, 59))
        return Happening(moment, lambda: act(actor, case=ref, action=action, **more))

    begins = task.case.opened_at.astimezone(SHANGHAI).date()
    accepted = add_workdays(begins, rng.randint(1, 4)).date
    if rng.random() < 0.03:
        yield deed(accepted, handler, "return", reason="此项职能已划转，建议另行明确承办单位。")
        return
    yield deed(accepted, handler, "accept", data={"responsible": handler.name})
    if task.role == "lead" and task.pk % 3 == 0:
        yield Happening(_at(add_workdays(accepted, 2).date, 16), lambda: _weigh(task, handler))
    story = {"periodic": _quarters, "review": _review}.get(task.sort, _dated)
    yield from story(task, rng, deed, _Parts(handler, office, accepted, present))


def _weigh(task: Task, handler: Actor) -> None:
    """Let the lead organ say that the first sub-action is most of the work."""
    texts = list(task.sub_actions.order_by("order").values_list("text", flat=True))
    parts = [Part(text=text[:500], weight=1 if n else 3) for n, text in enumerate(texts)]
    if len(parts) > 1:
        split_task(handler, task=task.case.ref, sub_actions=parts)


@dataclass(frozen=True)
class _Parts:
    handler: Actor
    office: Actor
    accepted: date
    present: datetime


def _report(rng: random.Random, ref: str, numbers: str = "") -> dict[str, Any]:
    data = {"progress": rng.choice(_REPORTS), "evidence": _evidence(ref)}
    return {"data": {**data, "sub_actions": numbers} if numbers else data}


def _finish(task: Task, deed: Any, parts: _Parts, day: date) -> Iterator[Happening]:
    ref = task.case.ref
    data = {"result": _DONE, "evidence": _evidence(f"{ref}-done")}
    yield deed(day, parts.handler, "report_done", data=data)
    yield deed(add_workdays(day, 2).date, parts.office, "confirm")


def _dated(task: Task, rng: random.Random, deed: Any, parts: _Parts) -> Iterator[Happening]:
    ref, now_on = task.case.ref, parts.present.astimezone(SHANGHAI).date()
    middle = add_workdays(parts.accepted, rng.randint(10, 25)).date
    first = "1" if task.sub_actions.count() > 1 else ""
    last = add_workdays(max(min(task.due_on, now_on), middle), -rng.randint(2, 9)).date
    fate = rng.random()
    if task.due_on <= now_on:
        yield deed(middle, parts.handler, "report_progress", **_report(rng, ref, first))
        if fate < 0.8:
            yield from _finish(task, deed, parts, max(last, middle + timedelta(days=1)))
        elif fate < 0.9:
            day = add_workdays(now_on, rng.choice((2, 3, 8, 9))).date
            yield from _extend(task, rng, parts, max(last, middle + timedelta(days=1)), day)
        return
    if fate < 0.75:
        yield deed(middle, parts.handler, "report_progress", **_report(rng, ref, first))
        if first and fate < 0.5:
            confirmed = add_workdays(middle, 3).date
            data = {"sub_actions": first}
            yield deed(confirmed, parts.office, "confirm_steps", data=data)
    if fate < 0.2:
        yield from _finish(task, deed, parts, add_workdays(now_on, -rng.randint(4, 30)).date)
    elif fate < 0.26:
        yield from _finish(task, deed, parts, add_workdays(now_on, -1).date)
    elif fate < 0.36:
        day = add_workdays(now_on, rng.choice((2, 3, 8, 9))).date
        yield from _extend(task, rng, parts, add_workdays(now_on, -8).date, day)


def _extend(
    task: Task, rng: random.Random, parts: _Parts, asked: date, new_due: date
) -> Iterator[Happening]:
    """Yield a request for another day and its approval."""
    ref, made = task.case.ref, []

    def ask() -> None:
        data = {"new_due": new_due, "grounds": "配套系统由市级统一改造，完成时间相应调整。"}
        title = f"延期申请：{task.case.title}"
        made.append(
            open_case(parts.handler, procedure="task-extension", title=title, parent=ref, data=data)
        )

    def approve() -> None:
        if made:
            act(parts.office, case=made[0].ref, action="approve", reason="同意，请按新时限完成。")

    yield Happening(_at(asked, 10, rng.randint(0, 59)), ask)
    yield Happening(_at(add_workdays(asked, 2).date, 15, rng.randint(0, 59)), approve)


def _quarters(task: Task, rng: random.Random, deed: Any, parts: _Parts) -> Iterator[Happening]:
    quarter = (parts.accepted.month - 1) // 3
    first = date(parts.accepted.year, 3 * quarter + 1, 1)
    for number in range(1, 9):
        month = first.month - 1 + 3 * number
        end = date(first.year + month // 12, month % 12 + 1, 1)
        if rng.random() < 0.9:
            day = add_workdays(end, rng.randint(1, 6)).date
            numbers = "1" if number == 1 else ""
            yield deed(
                day, parts.handler, "report_progress", **_report(rng, task.case.ref, numbers)
            )


def _review(task: Task, rng: random.Random, deed: Any, parts: _Parts) -> Iterator[Happening]:
    if rng.random() < 0.7:
        day = add_workdays(parts.accepted, rng.randint(15, 40)).date
        yield from _finish(task, deed, parts, day)


def _meetings(office: Actor, present: datetime) -> Iterator[Happening]:
    """Yield two meetings: one some time ago with one decision done, one last week."""
    now_on = present.astimezone(SHANGHAI).date()
    earlier, later = (add_workdays(now_on, -days).date for days in (55, 6))
    yield Happening(_at(earlier, 16), lambda: _first_meeting(office, earlier))
    yield Happening(_at(add_workdays(earlier, 20).date, 11), _do_first_decision)
    yield Happening(
        _at(add_workdays(earlier, 22).date, 11), lambda: _confirm_first_decision(office)
    )
    yield Happening(_at(later, 16), lambda: _second_meeting(office, later))


def _first_meeting(office: Actor, day: date) -> None:
    record_meeting(
        office,
        title="优化营商环境工作联席会议第三次会议",
        held_on=day,
        chair="蒋明",
        organs=["qj-market", "qj-finance", "qj-approval", "qj-data", "qj-justice"],
        minutes="会议听取了上半年任务进展，研究了跨部门数据共享和拖欠账款清理。",
        decisions=[
            Decided(
                text="开通企业变更登记“一次办”专窗。每周五向联席会议办公室报送办件量。",
                organs=("qj-approval",),
                due=add_workdays(day, 25).date,
            ),
            Decided(
                text="对政府投资项目的无分歧欠款建立台账。逐笔明确还款时间。",
                organs=("qj-finance", "qj-development-reform"),
                due=add_workdays(day, 60).date,
            ),
        ],
    )


def _second_meeting(office: Actor, day: date) -> None:
    record_meeting(
        office,
        title="优化营商环境工作专题会议（涉企检查）",
        held_on=day,
        chair="蒋明",
        organs=["qj-market", "qj-justice", "qj-urban-management", "qj-data"],
        minutes="会议通报了涉企检查扫码率和重复检查情况。",
        decisions=[
            Decided(
                text="合并同一企业一个月内的上门检查。由市场监管局公布合并清单。",
                organs=("qj-market", "qj-urban-management"),
                due=add_workdays(day, 20).date,
            ),
            Decided(text="研究检查频次与信用等级挂钩的办法，下次会议汇报。"),
        ],
    )


def _decided_task() -> Task | None:
    return (
        Task.objects.filter(decision__order=1, organ__key="qj-approval")
        .select_related("case", "organ")
        .first()
    )


def _do_first_decision() -> None:
    task = _decided_task()
    if task is not None:
        handler = _handler(task.organ)
        act(handler, case=task.case.ref, action="accept", data={"responsible": handler.name})
        data = {"result": "专窗已开通，已办理四十二件。", "evidence": _evidence("window")}
        act(handler, case=task.case.ref, action="report_done", data=data)


def _confirm_first_decision(office: Actor) -> None:
    task = _decided_task()
    if task is not None:
        act(office, case=task.case.ref, action="confirm")


def _supervision(present: datetime) -> Iterator[Happening]:
    """Yield a batch that was drawn and visited, and one that waits for its numbers."""
    now_on = present.astimezone(SHANGHAI).date()
    supervisor = demo_actor("supervisor")
    opened, drawn, seen = (add_workdays(now_on, -days).date for days in (34, 31, 29))
    batch: list[str] = []

    def open_first() -> None:
        batch.append(
            open_batch(
                supervisor,
                title="营商环境任务专项督查（第一批）",
                purpose="核实在办任务的进展和佐证是否属实。",
                pick=6,
                sources=[
                    PublicSource(name="当日双色球开奖号码", on=add_workdays(opened, 2).date),
                    PublicSource(name="当日上证指数收盘（去小数点）", on=drawn),
                ],
            )
        )
        sequence_now()  # as the worker does within a minute

    def draw_first() -> None:
        draw_batch(supervisor, batch=batch[0], numbers=[[4, 9, 15, 21, 27, 33, 8], [328641]])

    yield Happening(present - timedelta(hours=1), _hand_in_sheet)
    yield Happening(_at(opened), open_first)
    yield Happening(_at(drawn, 16), draw_first)
    yield Happening(_at(seen, 15), lambda: _visit_drawn(supervisor, batch[0], seen))
    yield Happening(_at(add_workdays(seen, 8).date, 11), lambda: _answer_first(batch[0]))
    yield Happening(_at(add_workdays(seen, 10).date, 16), lambda: _accept_first(batch[0]))
    yield Happening(
        present - timedelta(hours=2),
        lambda: open_batch(
            supervisor,
            title="营商环境任务专项督查（第二批）",
            purpose="对临近时限的任务开展一轮核查。",
            pick=5,
            sources=[PublicSource(name="双色球开奖号码", on=now_on + timedelta(days=2))],
        ),
    )


def _visit_drawn(supervisor: Actor, batch: str, day: date) -> None:
    items = SupervisedTask.objects.filter(batch__ref=batch, drawn__isnull=False).order_by("drawn")
    due = add_workdays(day, 12).date
    problems = {
        0: ("窗口公示的材料清单与系统中的不一致。", "更换公示，核对全部事项。", due),
        2: ("佐证材料为上年度文件，不能说明今年进展。", "补充今年的材料。", due),
        3: (
            "两家走访企业表示没有收到政策推送。",
            "排查推送名单并逐户告知。",
            add_workdays(day, 40).date,
        ),
    }
    for place, item in enumerate(items.select_related("task__case")[:5]):
        found = problems.get(place)
        record_visit(
            supervisor,
            batch=batch,
            task=item.task.case.ref,
            seen_on=day,
            note="查阅台账，走访两家企业。" if found else "进展属实，佐证齐全。",
            findings=[Found(finding=found[0], requirement=found[1], due=found[2])] if found else [],
            evidence=_evidence(f"visit-{place + 1}") if found else None,
        )


def _first_order(batch: str) -> Case:
    return (
        Case.objects.filter(origin=f"plans.supervision:{batch}")
        .select_related("holder")
        .order_by("pk")[0]
    )


def _answer_first(batch: str) -> None:
    order = _first_order(batch)
    data = {"feedback": "公示已全部更换，另核对事项五十二个。", "evidence": _evidence("notice")}
    act(_handler(order.holder), case=order.ref, action="answer", data=data)


def _accept_first(batch: str) -> None:
    act(demo_actor("supervisor"), case=_first_order(batch).ref, action="accept")


def _plan() -> dict[str, str]:
    task = Task.objects.filter(measure__isnull=False).select_related("measure__document")[0]
    assert task.measure is not None
    return {"ref": task.measure.document.ref}


def _batch() -> dict[str, str]:
    return {"ref": SupervisionBatch.objects.order_by("pk")[0].ref}


def _unvisited() -> dict[str, str]:
    item = SupervisedTask.objects.filter(drawn__isnull=False, visit=None).order_by("pk")[0]
    return {"ref": item.batch.ref, "task": item.task.case.ref}


def _undecided() -> dict[str, Any]:
    meeting = Meeting.objects.filter(decisions__case__state="recorded").order_by("pk")[0]
    return {"ref": meeting.ref, "order": meeting.decisions.get(case__state="recorded").order}


def _in_progress() -> dict[str, str]:
    task = Task.objects.filter(case__state="in_progress", case__holder__key="qj-market")[0]
    return {"ref": task.case.ref, "action": "report_progress"}


def _hand_in_sheet() -> None:
    """Let a bureau hand in a sheet with a good row, one without evidence and some left empty."""
    bureau = demo_actor("bureau")
    tasks = [task for task in list_reportable_for(bureau) if task.case.state == "in_progress"]
    filled = [
        {"progress": _REPORTS[0], "links": "https://example.org/qingjiang/rules"},
        {"progress": "完成 80%"},
    ]
    rows = [
        SheetTask({"ref": task.case.ref, "title": task.case.title}, given)
        for task, given in zip(tasks, [*filled, {}], strict=False)
    ]
    book = upload(bureau, name="进展报送表.xlsx", content=render_progress_sheet(rows))
    hand_in_progress_sheet(bureau, workbook=book.ref)


def _sheet() -> dict[str, str]:
    return {"ref": ProgressSheet.objects.order_by("pk")[0].ref}


def _unreported() -> dict[str, str]:
    untouched = Task.objects.filter(case__closed_at=None).exclude(
        case__events__action__in=("report_progress", "report_done")
    )
    return {"ref": untouched.order_by("pk")[0].case.ref}


def _extensible() -> dict[str, str]:
    return {"ref": _in_progress()["ref"], "procedure": "task-extension"}


example("desk:case_open", _extensible, visitor="bureau")
example("desk:issue-tasks", _plan, visitor="plan")
example("desk:work-report", _plan, visitor="plan")
example("desk:meeting", lambda: {"ref": Meeting.objects.order_by("pk")[0].ref}, visitor="plan")
example("desk:decision-assign", _undecided, visitor="plan")
example("desk:supervision-batch", _batch, visitor="supervisor")
example("desk:supervision-record", _batch, visitor="supervisor")
example("desk:supervision-report", _batch, visitor="supervisor")
example("desk:supervision-visit", _unvisited, visitor="supervisor")
example("desk:task-mark", _in_progress, visitor="bureau")
example("desk:progress-sheet", _sheet, visitor="bureau")
example("desk:progress-sheet-blank", dict, visitor="bureau")
example("desk:progress-sheet-problems", _sheet, visitor="bureau")
example("desk:task-split", _unreported, visitor="plan")
example("portal:plan-progress", _plan)
