"""The demonstration's policies in the making: one just imported, one being heard about, one under review,
one published by its case, and two clean-ups.

Everything goes through the actions that people use, with the clock set to when it happened.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Final

from yingshang.cases.actions import act
from yingshang.domains.policies.cleaning import answer_clean_up, open_clean_up, publish_clean_up
from yingshang.domains.policies.drafts import (
    confirm_marks,
    save_masthead,
    settle_proposal,
    start_text,
    write_rule,
)
from yingshang.domains.policies.hearing import (
    OpinionGiven,
    close_hearing,
    draw_hearing,
    give_opinions,
    open_hearing,
    reply_opinion,
)
from yingshang.domains.policies.models import (
    Adoption,
    CleanUpAnswer,
    Decision,
    Gate,
    Hearing,
    Opinion,
    Stance,
    TextDraft,
)
from yingshang.domains.policies.permissions import OPINE
from yingshang.domains.policies.reviewing import items_of, review_text
from yingshang.draws.models import Commitment
from yingshang.draws.records import picks_of
from yingshang.facts.actions.recording import Given, record_values
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.models import FactValue
from yingshang.facts.permissions import RECORD
from yingshang.kernel.times import SHANGHAI, FrozenClock, frozen, now, today
from yingshang.ledger.sequencing import sequence_now
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.parties.models import Organ, Subject, SubjectType

BACK: Final = 100
"""Days before today on which the first of these stories begins."""
WANTED: Final = 24
SIZES: Final = ("micro", "small", "small", "medium", "small", "large", "micro")
HOLDINGS: Final = ("private", "private", "state", "private", "hkmt")

DIGITAL: Final = """\
清江区支持中小企业数字化改造若干措施
第一条 为推动中小企业数字化改造，制定本措施。
第二条 本措施由区科学技术局组织实施。
第三条 申请补助的企业应当同时符合下列条件：
（一）成立满一年；
（二）上年度营业收入不低于300万元；
（三）从业人员不超过300人。
第四条 按照上年度研发费用的10%给予补助，同一企业最高不超过30万元。
第五条 被列入严重违法失信名单的企业，不予补助。
第六条 每年4月1日至6月30日受理申请。
第七条 以虚假资料取得补助的，应当退回。
第八条 本措施由区科学技术局负责解释，有效期至2029年12月31日。
"""
GREEN: Final = """\
清江区鼓励企业节能改造实施办法
第一条 为鼓励企业节能降碳，制定本办法。
第二条 享受奖励的企业应当同时符合下列条件：
（一）上年度纳税额不低于20万元；
（二）没有欠缴税款。
第三条 对完成节能改造的企业，一次性给予奖励10万元。
第四条 拟奖励名单公示五个工作日，公示无异议的予以拨付。
第五条 本办法有效期至2028年12月31日。
"""
TRAINING: Final = """\
清江区企业职工技能提升补贴办法
第一条 为提升企业职工技能，制定本办法。
第二条 申请补贴的企业应当同时符合下列条件：
（一）依法参加失业保险；
（二）从业人员不少于20人；
（三）最近一年内没有发生较大以上生产安全事故。
第三条 按照参加培训的职工每人500元给予补贴，同一企业每年最高不超过20万元。
第四条 企业应当提交培训计划、职工名册和结业证明。
第五条 全年受理申请，自受理之日起二十个工作日内作出决定。
第六条 以虚报人数等方式取得补贴的，应当退回。
"""
BIO: Final = """\
清江区科技型企业房租补助办法
第一条 为降低科技型企业的场地成本，制定本办法。
第二条 申请补助的企业应当同时符合下列条件：
（一）属于高新技术企业；
（二）从业人员不超过200人。
第三条 一次性给予房租补助5万元。
第四条 本办法有效期至2028年12月31日。
"""


@demo_builder("policies", order=92)
def build() -> None:
    """Let some months pass in which policies are made and cleaned up."""
    present = now()
    start = datetime.combine(today() - timedelta(days=BACK), time(9, 30), SHANGHAI)
    with frozen(start) as clock:
        _say_what_firms_are()
        published = _draft("qj-2026-science-rent", BIO, inclusive=True, topics=["premises"])
        reviewed = _draft("qj-2026-digital", DIGITAL, inclusive=True, topics=["digital"])
        for draft, source in ((published, "2026年第95期"), (reviewed, "2026年第96期")):
            _settle(draft)
            _hear(clock, draft, source, days=32)
        _after(clock, 33)
        for draft in (published, reviewed):
            _answer(draft)
        _review(clock, published, tuple(Gate))
        _issue_and_publish(clock, published)
        _review(clock, reviewed, (Gate.COMPETITION,))
        _clean_up_and_publish(clock)
        clock.set(present - timedelta(days=12))
        heard = _draft("qj-2026-retrofit", GREEN, inclusive=True, topics=["green"])
        _settle(heard)
        _hear(clock, heard, "2026年第128期", days=40)
        clock.set(present)
        _draft("qj-2026-skills", TRAINING, inclusive=True, topics=["training"])
        _open_clean_up()


def _after(clock: FrozenClock, days: int) -> None:
    clock.set(clock.moment + timedelta(days=days))


def _say_what_firms_are() -> None:
    """Record size and ownership of the firms of which nothing is recorded yet."""
    known = FactValue.objects.values_list("subject_id", flat=True)
    firms = Subject.objects.filter(type=SubjectType.ENTERPRISE).exclude(pk__in=known).order_by("pk")
    values = [
        Given(subject=firm.ref, key=key, content=choices[place % len(choices)])
        for place, firm in enumerate(firms)
        for key, choices in (("enterprise.size", SIZES), ("enterprise.holding", HOLDINGS))
    ]
    owner = Organ.objects.get(key=current_catalogue().owner_of("statistics"))
    actor = replace(system_actor("demo", RECORD), organ_id=owner.pk)
    if values:
        record_values(actor, source="statistics", values=tuple(values))


def _draft(key: str, wording: str, **masthead: Any) -> TextDraft:
    clerk = demo_actor("science")
    draft = start_text(clerk, key=key, wording=wording, source_name=f"{key}.txt")
    return save_masthead(clerk, draft=draft.ref, masthead={"phone": "0570-0000143", **masthead})


def _settle(draft: TextDraft) -> None:
    """Confirm what was read out of the wording, name the base of shares, and write the rule."""
    clerk = demo_actor("science")
    for one in draft.proposals.order_by("place"):
        share = one.sort == "amount" and one.content.get("unit") == "percent"
        decision = Decision.CHANGED if share else Decision.CONFIRMED
        base = "enterprise.rd_last_year" if share else ""
        settle_proposal(clerk, draft=draft.ref, place=one.place, decision=decision, base=base)
    confirm_marks(clerk, draft=draft.ref)
    write_rule(clerk, draft=draft.ref, key=f"{draft.key}-grant", title=draft.title)


def _hear(clock: FrozenClock, draft: TextDraft, source: str, *, days: int) -> Hearing:
    """Freeze the pool, draw on the day of the number, and let the drawn firms speak."""
    clerk, begun = demo_actor("science"), clock.moment
    hearing = open_hearing(
        clerk, draft=draft.ref, wanted=WANTED, ends_on=today() + timedelta(days=days),
        sources=[{"name": f"福彩双色球{source}", "on": today() + timedelta(days=2)}],
    )  # fmt: skip
    sequence_now()
    _after(clock, 2)
    draw_hearing(clerk, hearing=hearing.ref, numbers=[_numbers(hearing)])
    amount = next(c["label"] for c in draft.clauses if "amount" in c["marks"])
    drawn = Subject.objects.filter(pk__in=_drawn(hearing)).order_by("pk")
    for place, firm in enumerate(drawn[1:13]):
        stance = ("change", "support", "oppose", "support")[place % 4]
        text = {"change": "建议适当提高最高额度。", "oppose": "门槛应再降低一些。"}.get(stance, "")
        give_opinions(
            _speaker(firm), hearing=hearing.ref,
            opinions=[OpinionGiven(clause=amount, stance=Stance(stance), text=text), OpinionGiven()],
        )  # fmt: skip
    clock.set(begun)
    return hearing


def _drawn(hearing: Hearing) -> list[int]:
    invited = hearing.candidates.exclude(invited_at=None)
    return list(invited.values_list("subject_id", flat=True))


def _numbers(hearing: Hearing) -> list[int]:
    """Return made-up numbers under which the firm of the demonstration's own people is drawn."""
    wanted = Subject.objects.filter(type=SubjectType.ENTERPRISE).order_by("pk")[0].ref
    pool = Commitment.objects.get(ref=hearing.commitment)
    for last in range(1, 500):
        numbers = [3, 8, 14, 21, 27, 31, last]
        picks = picks_of(pool.strata, [numbers], [], pool.method)
        if any(wanted in picked for picked in picks.values()):
            return numbers
    raise AssertionError("no number draws the firm")


def _speaker(firm: Subject) -> Actor:
    return replace(system_actor("demo", OPINE), subject_id=firm.pk, name=firm.name[:40])


def _answer(draft: TextDraft) -> None:
    clerk = demo_actor("science")
    hearing = draft.hearings.get()
    replies = {
        "change": (Adoption.PARTLY, "按财力逐年提高，今年先提高一成。"),
        "oppose": (Adoption.NOT, "现有门槛已覆盖大多数中小企业。"),
    }
    for one in Opinion.objects.filter(candidate__hearing=hearing).exclude(text=""):
        adoption, reply = replies[one.stance]
        reply_opinion(clerk, opinion=one.ref, adoption=adoption, reply=reply)
    close_hearing(clerk, hearing=hearing.ref)
    organs = {"competition_organ": "qj-market", "legality_organ": "qj-justice"}
    data = {**organs, "consistency_organ": "qj-plan-office"}
    act(clerk, case=draft.case, action="send_for_review", data=data)


_REVIEWERS: Final = {
    Gate.COMPETITION: ("bureau", "面向各类企业普遍适用，没有限制竞争的内容。"),
    Gate.LEGALITY: ("justice", "制定主体、权限、内容和程序合法。"),
    Gate.CONSISTENCY: ("plan", "与现行政策没有矛盾，可以同时享受。"),
}


def _review(clock: FrozenClock, draft: TextDraft, gates: tuple[Gate, ...]) -> None:
    for gate in gates:
        _after(clock, 2)
        user, statement = _REVIEWERS[gate]
        answers: dict[str, dict[str, Any]] = {one.code: {"breach": False} for one in items_of(gate)}
        review_text(
            demo_actor(user), draft=draft.ref, gate=gate, answers=answers, statement=statement,
            passed=True, evidence={"links": [f"https://example.org/qingjiang/{gate}"]},
        )  # fmt: skip


def _issue_and_publish(clock: FrozenClock, draft: TextDraft) -> None:
    head = demo_actor("sciencehead")
    _after(clock, 2)
    data = {
        "number": "清科规〔2026〕12号",
        "valid_from": (today() + timedelta(days=45)).isoformat(),
        "valid_to": "2028-12-31",
    }
    act(head, case=draft.case, action="issue", data=data)
    _after(clock, 3)
    said = "高新技术企业、从业人员不超过二百人的，一次性得到房租补助五万元。"
    act(head, case=draft.case, action="publish", data={"interpretation": said})


def _clean_up_and_publish(clock: FrozenClock) -> None:
    """Clean up what has expired; the labour bureau keeps its rules on record."""
    office = demo_actor("plan")
    opened = open_clean_up(
        office, title="上半年到期政策清理", due_on=today() + timedelta(days=10), over=True,
        issuers=("qj-human-resources",),
    )  # fmt: skip
    _after(clock, 4)
    for item in opened.items.select_related("organ"):
        actor = replace(demo_actor("sciencehead"), organ_id=item.organ_id)
        answer_clean_up(
            actor, clean_up=opened.ref, text=item.text, answer=CleanUpAnswer.ABOLISH,
            reason="政策目标已经实现，相关支持由上级政策延续。", ends_from=today() + timedelta(days=7),
        )  # fmt: skip
    publish_clean_up(office, clean_up=opened.ref)


def _open_clean_up() -> None:
    office = demo_actor("plan")
    opened = open_clean_up(
        office, title="年度政策清理", due_on=today() + timedelta(days=20), expiring_days=120,
        keys=("qj-2026-rd", "qj-2026-young"),
    )  # fmt: skip
    item = opened.items.get(text="qj-2026-young")
    actor = replace(demo_actor("sciencehead"), organ_id=item.organ_id)
    answer_clean_up(
        actor, clean_up=opened.ref, text=item.text, answer=CleanUpAnswer.CHANGE,
        reason="补贴标准拟按面积计算。",
    )  # fmt: skip
