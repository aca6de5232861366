"""What a case does with its notices: it publishes them, and ends them with a result."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from django.utils.translation import gettext

from yingshang.cases.effects import Moment, effect, effect_lint
from yingshang.cases.log import state_of
from yingshang.cases.models import Case
from yingshang.cases.readings import Reading
from yingshang.content.selectors import declaration_of, get_current
from yingshang.domains.services.applying.filling import work_out
from yingshang.domains.services.applying.names import service_of_case, submission_of
from yingshang.domains.services.errors import NoticeUnfit
from yingshang.domains.services.models import PublicNotice
from yingshang.domains.services.notices import declaring
from yingshang.domains.services.notices.names import NOTICE, PUBLISH
from yingshang.domains.services.notices.sources import NOTICE_VALUES, NoticeSource, worked_out
from yingshang.kernel.times import SHANGHAI
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor


def declared_of(notice: PublicNotice) -> declaring.PublicNotice:
    """Return the declaration under which a notice was published."""
    return cast(declaring.PublicNotice, declaration_of(notice.declared))


def period_of(case: Case, clock: str) -> Reading | None:
    """Return what the clock of a notice's period shows now; None where it does not count a day."""
    found = state_of(case).clocks.readings.get(clock)
    return found if found is not None and found.due_on is not None else None


@effect(PUBLISH)
def publish_notice(moment: Moment) -> None:
    """Publish the notice ``with: {notice: …}``, without that the one that the case's service names.

    It shows the lines that its declaration names and nothing else; lines without a value are left out.
    Raises :class:`NoticeUnfit` where the state counts no period, the same notice is open already or it would
    list nobody, and ``ContentNotLoaded``.
    """
    case, source = moment.case, NOTICE_VALUES.find(moment.case.procedure)
    key = moment.parameters.get("notice") or _own_notice(case, source)
    version = get_current(NOTICE, str(key))
    declared = cast(declaring.PublicNotice, declaration_of(version))
    period = period_of(case, declared.clock)
    if period is None or period.due_on is None or period.status != "running":
        raise NoticeUnfit(params={"why": gettext("没有开始计算公示期")})
    if _is_open_already(case, declared):
        raise NoticeUnfit(params={"why": gettext("正在公示")})
    said, listed = _said(case, declared, source), _listed(case, declared, source)
    notice = PublicNotice.objects.create(
        kind=declared.key,
        declared=version,
        case=case,
        organ=case.holder,
        title=str(said.get("title", ""))[:200] or declared.label,
        shown=[
            {"label": one.label, "label_en": one.label_en, "value": _in_words(said[str(place)])}
            for place, one in enumerate(declared.shows)
            if str(place) in said
        ],
        listed=listed,
        is_public=declared.open_to == "anyone",
        published_at=moment.event.occurred_at,
        ends_on=period.due_on,
    )
    record(
        "services.notice_published",
        actor=moment.actor.ref,
        subject=f"case:{case.ref}",
        payload={"notice": notice.ref, "kind": notice.kind, "until": period.due_on.isoformat()},
    )


def _own_notice(case: Case, source: NoticeSource | None) -> str:
    return source.notice_of(case) if source else str(service_of_case(case).item.notice)


def _said(
    case: Case, declared: declaring.PublicNotice, source: NoticeSource | None
) -> dict[str, Any]:
    texts = {str(place): one.value for place, one in enumerate(declared.shows)}
    texts["title"] = declared.title
    if source is None:
        return work_out(submission_of(case.data), texts)
    return worked_out(texts, source.declarations(), source.known(case))


def _listed(
    case: Case, declared: declaring.PublicNotice, source: NoticeSource | None
) -> list[dict[str, Any]]:
    """Return whom the notice lists; raises :class:`NoticeUnfit` where it should list and has nobody."""
    if source is None or source.rows is None or not declared.columns:
        return []
    names, known = source.declarations(of_rows=True), source.known(case)
    texts = {str(place): one.value for place, one in enumerate(declared.columns)}
    found = []
    for one in source.rows(case):
        said = worked_out(texts, names, {**known, **one.known})
        values = [_in_words(said.get(place, "")) for place in texts]
        found.append({"key": one.key, "name": one.name, "values": values})
    if not found:
        raise NoticeUnfit(params={"why": gettext("名单上没有人")})
    return found


def _is_open_already(case: Case, declared: declaring.PublicNotice) -> bool:
    opened = PublicNotice.objects.filter(kind=declared.key, ended_at=None)
    if declared.one_at_a_time and case.subject_id is not None:
        return opened.filter(case__subject=case.subject_id).exists()
    return opened.filter(case=case).exists()


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def open_notices(case: Case) -> Any:
    """Return the notices of a case that have not ended."""
    return PublicNotice.objects.filter(case=case, ended_at=None)


@effect("services.end_notice")
def end_notice(moment: Moment) -> None:
    """End every open notice of the case with the result ``with: {result: …}``; nothing where none is open.

    Raises :class:`NoticeUnfit` for a result that its declaration does not have.
    """
    result = str(moment.parameters["result"])
    end_notices(moment.actor, moment.case, result, at=moment.event.occurred_at)


def end_notices(actor: Actor, case: Case, result: str, *, at: datetime) -> None:
    """End every open notice of a case with a result; raises :class:`NoticeUnfit` for one that it does not have."""
    for notice in open_notices(case).select_for_update(of=("self",)):
        declared = declared_of(notice)
        if result not in declared.result_by_key:
            raise NoticeUnfit(params={"why": result})
        notice.ended_at, notice.result = at, result
        if declared.kept_days:
            last = at.astimezone(SHANGHAI).date() + timedelta(days=declared.kept_days)
            notice.shown_until = last
        notice.save(update_fields=["ended_at", "result", "shown_until"])
        record(
            "services.notice_ended",
            actor=actor.ref,
            subject=f"case:{case.ref}",
            payload={"notice": notice.ref, "result": result},
        )


@effect_lint(PUBLISH)
def lint_publishing(
    parameters: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Find a notice that there is not; without one, each service names its own."""
    key = str(parameters.get("notice", ""))
    if key and key not in known.get(NOTICE, {}):
        yield "unknown_notice", f"没有名为 {key} 的公告"


@effect_lint("services.end_notice")
def lint_ending(
    parameters: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Find a result that no notice has."""
    key = str(parameters.get("result", ""))
    if not any(key in one.result_by_key for one in known.get(NOTICE, {}).values()):
        yield "unknown_result", f"没有公告以 {key} 为结果"
