"""Three organs, their people, and a small procedure that uses every part of the engine."""

from collections.abc import Callable
from typing import Any

import pytest

from yingshang.cases.actions import act, open_case
from yingshang.cases.models import Case
from yingshang.cases.procedure import Procedure
from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.kernel.times import now, today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Account, Mandate, Organ, Person, Role

TRIAL: dict[str, Any] = {
    "key": "trial",
    "label": "试办",
    "label_en": "Trial",
    "initial": "new",
    "opens": {"permission": "cases.assign", "fields": [{"field": "due"}]},
    "fields": [
        {"key": "due", "label": "时限", "label_en": "Due", "type": "date"},
        {"key": "to", "label": "接办单位", "label_en": "To", "type": "organ"},
        {"key": "note", "label": "说明", "label_en": "Note", "type": "text"},
        {"key": "told", "label": "书面告知", "label_en": "Notice", "type": "text"},
        {
            "key": "secret",
            "label": "内情",
            "label_en": "Secret",
            "type": "text",
            "sensitivity": "restricted",
        },
    ],
    "states": [
        {"key": "new", "label": "新收", "label_en": "New"},
        {"key": "work", "label": "办理", "label_en": "At work"},
        {"key": "waiting", "label": "补正", "label_en": "Waiting", "turn": "opener", "no_clock": "等申请人"},
        {"key": "done", "label": "办结", "label_en": "Done", "final": True},
    ],
    "actions": [
        {
            "key": "start", "label": "开始", "label_en": "Start", "from": ["new"], "to": "work",
            "by": [{"permission": "cases.handle", "relation": "holder"}],
            "fields": [{"field": "note"}, {"field": "secret"}],
        },
        {
            "key": "ask", "label": "要求补正", "label_en": "Ask", "from": ["work"], "to": "waiting",
            "by": [{"permission": "cases.handle", "relation": "holder"}],
            "fields": [{"field": "told", "required": True}],
            "ground": "试", "written_notice": "told",
        },
        {
            "key": "answer", "label": "补正", "label_en": "Answer", "from": ["waiting"], "to": "work",
            "by": [{"permission": "cases.assign", "relation": "opener"}],
        },
        {
            "key": "pass", "label": "转办", "label_en": "Pass", "from": ["new", "work"], "to": "new",
            "by": [{"permission": "cases.handle", "relation": "holder"}],
            "fields": [{"field": "to", "required": True}], "hands_over_to": "to",
        },
        {
            "key": "move_date", "label": "改期", "label_en": "Move date", "from": ["new", "work"],
            "by": [{"permission": "cases.assign", "relation": "opener"}],
            "fields": [{"field": "due", "required": True}], "reason": "required",
        },
        {
            "key": "finish", "label": "办结", "label_en": "Finish", "from": ["work"], "to": "done",
            "by": [{"permission": "cases.handle", "relation": "holder"}],
        },
    ],
    "clocks": [
        {
            "key": "legal", "label": "法定", "label_en": "Legal", "basis": "statutory",
            "ground": "试", "limit": {"n": 20, "kind": "working"},
            "runs_in": ["new", "work"], "pauses_in": ["waiting"], "restarts_on": ["pass"],
        },
        {
            "key": "promised", "label": "承诺", "label_en": "Promised", "limit": {"field": "due"},
            "runs_in": ["new", "work"],
        },
    ],
    "periodic": [
        {
            "key": "monthly", "label": "月报", "label_en": "Monthly", "every": "month",
            "runs_in": ["work"], "reported_by": ["move_date"],
        }
    ],
}  # fmt: skip

LICENCE: dict[str, Any] = {
    "key": "licence",
    "label": "许可",
    "label_en": "Licence",
    "initial": "received",
    "opens": {
        "permission": "cases.assign",
        "fields": [{"field": "item"}, {"field": "area"}, {"field": "kind"}],
    },
    "fields": [
        {"key": "item", "label": "事项", "label_en": "Item", "type": "ref"},
        {"key": "area", "label": "面积", "label_en": "Area", "type": "int"},
        {"key": "since", "label": "成立日期", "label_en": "Founded", "type": "date"},
        {
            "key": "kind", "label": "类别", "label_en": "Kind", "type": "choice",
            "choices": [
                {"key": "plain", "label": "普通", "label_en": "Plain"},
                {"key": "joint", "label": "联合", "label_en": "Joint"},
            ],
        },
        {"key": "notice", "label": "告知书", "label_en": "Notice", "type": "text"},
    ],
    "states": [
        {"key": "received", "label": "已收件", "label_en": "Received"},
        {"key": "correcting", "label": "待补正", "label_en": "Correcting", "turn": "opener", "no_clock": "等申请人"},
        {"key": "accepted", "label": "已受理", "label_en": "Accepted"},
        {"key": "hearing", "label": "听证", "label_en": "Hearing", "no_clock": "听证的日子另行书面通知"},
        {"key": "granted", "label": "准予", "label_en": "Granted", "final": True},
        {"key": "refused", "label": "不予", "label_en": "Refused", "final": True},
    ],
    "actions": [
        {
            "key": "ask_correction", "label": "要求补正", "label_en": "Ask for correction",
            "from": ["received"], "to": "correcting", "at_most": 1,
            "by": [{"permission": "cases.handle", "relation": "holder"}],
            "fields": [{"field": "notice", "required": True}], "written_notice": "notice",
            "ground": "行政许可法第三十二条",
        },
        {
            "key": "correct", "label": "补正", "label_en": "Correct",
            "from": ["correcting"], "to": "received",
            "by": [{"permission": "cases.assign", "relation": "opener"}],
        },
        {
            "key": "accept", "label": "受理", "label_en": "Accept",
            "from": ["received"], "to": "accepted",
            "by": [{"permission": "cases.handle", "relation": "holder"}],
        },
        {
            "key": "accept_by_silence", "label": "逾期视为受理", "label_en": "Accepted by silence",
            "from": ["received"], "to": "accepted", "system": True, "counts_from": "correction",
            "ground": "行政许可法第三十二条",
        },
        {
            "key": "ask_hearing", "label": "提请听证", "label_en": "Ask for a hearing",
            "from": ["accepted"],
            "by": [{"permission": "cases.handle", "relation": "holder"}],
        },
        {
            "key": "hold_hearing", "label": "举行听证", "label_en": "Hold a hearing",
            "from": ["accepted"], "to": "hearing", "asked_by": "ask_hearing",
            "by": [{"permission": "cases.handle", "relation": "holder"}],
            "fields": [{"field": "notice", "required": True}], "written_notice": "notice",
            "ground": "行政许可法第四十五条",
        },
        {
            "key": "close_hearing", "label": "听证结束", "label_en": "Close the hearing",
            "from": ["hearing"], "to": "accepted",
            "by": [{"permission": "cases.handle", "relation": "holder"}],
        },
        {
            "key": "ask_extension", "label": "申请延期", "label_en": "Ask for an extension",
            "from": ["accepted"],
            "by": [{"permission": "cases.handle", "relation": "holder"}],
        },
        {
            "key": "extend", "label": "批准延期", "label_en": "Extend", "from": ["accepted"],
            "by": [{"permission": "cases.handle", "relation": "holder"}],
            "at_most": 1, "ground": "行政许可法第四十二条", "written_notice": "notice",
            "fields": [{"field": "notice", "required": True}],
            "extends": {"clock": "decision", "n": 10, "asked_by": "ask_extension"},
        },
        {
            "key": "survey", "label": "勘验", "label_en": "Survey", "from": ["accepted"],
            "by": [{"permission": "cases.handle", "relation": "holder", "assurance": "two_factor"}],
            "fields": [{"field": "area"}, {"field": "since"}],
        },
        {
            "key": "grant", "label": "准予许可", "label_en": "Grant",
            "from": ["accepted"], "to": "granted", "when": "case.area >= 60",
            "by": [{"permission": "cases.handle", "relation": "holder", "power": "case.item"}],
        },
        {
            "key": "refuse", "label": "不予许可", "label_en": "Refuse",
            "from": ["accepted"], "to": "refused",
            "by": [{"permission": "cases.handle", "relation": "holder"}],
        },
    ],
    "clocks": [
        {
            "key": "correction", "label": "一次告知", "label_en": "Correction notice",
            "basis": "statutory", "ground": "行政许可法第三十二条",
            "limit": {"n": 5, "kind": "working"}, "runs_in": ["received"],
        },
        {
            "key": "decision", "label": "法定办结", "label_en": "Decision", "basis": "statutory",
            "ground": "行政许可法第四十二条", "limit": {"n": 20, "kind": "working"},
            "runs_in": ["accepted"], "pauses_in": ["hearing"],
        },
        {
            "key": "promise", "label": "承诺办结", "label_en": "Promise",
            "limit": {"n": 8, "kind": "working"},
            "runs_in": ["accepted"], "pauses_in": ["hearing"],
        },
    ],
    "on_expiry": [{"clock": "correction", "do": "accept_by_silence"}],
}  # fmt: skip


@pytest.fixture
def trial() -> Procedure:
    """Return the small procedure."""
    return Procedure.model_validate(TRIAL)


def store(procedure: Procedure) -> ContentVersion:
    """Store a procedure as the version in force."""
    body = canonical_body(procedure)
    last = ContentVersion.objects.filter(kind="procedure", key=procedure.key).count()
    ContentVersion.objects.filter(kind="procedure", key=procedure.key).update(is_current=False)
    return ContentVersion.objects.create(
        kind="procedure", key=procedure.key, number=last + 1, pack="trial", body=body,
        digest=digest_of(body), valid_from=today(), loaded_at=now(),
    )  # fmt: skip


class Town:
    """Organs a, b, c; an actor for any organ and permissions; cases under the trial procedure."""

    def __init__(self) -> None:
        self.organs = {
            key: Organ.objects.create(
                key=key, name=key.upper(), type="department", division="310000"
            )
            for key in "abc"
        }

    def actor(self, organ: str, *permissions: str, name: str = "") -> Actor:
        """Return a person of an organ; the same arguments give the same person."""
        username = f"{organ}-{name}-{'-'.join(permissions)}"
        account = Account.objects.filter(username=username[:60]).first()
        if account is None:
            person = Person.objects.create(name=name or f"{organ}员")
            account = Account.objects.create_user(username[:60], None, person)
            role = Role.objects.create(key=username[:60], label="r", permissions=list(permissions))
            Mandate.objects.create(person=person, organ=self.organs[organ]).roles.add(role)
        return Actor(
            ref=f"account:{account.ref}",
            account_id=account.pk,
            person_id=account.person_id,
            organ_id=self.organs[organ].pk,
            permissions=frozenset(permissions),
            name=account.person.name,
        )

    @property
    def office(self) -> Actor:
        """Return somebody of organ a, who opens cases."""
        return self.actor("a", "cases.read", "cases.assign", name="甲")

    @property
    def clerk(self) -> Actor:
        """Return somebody of organ b, who handles them."""
        return self.actor("b", "cases.read", "cases.handle", name="乙")

    @property
    def stranger(self) -> Actor:
        """Return somebody of organ c, who has nothing to do with them."""
        return self.actor("c", "cases.read", "cases.handle", "cases.assign", name="丙")

    def open(self, **more: Any) -> Case:
        """Open a case of a, held by b."""
        given = {"procedure": "trial", "title": "一件事", "holder": "b", **more}
        return open_case(self.office, **given)

    def do(self, case: Case, action: str, **more: Any) -> Case:
        """Let whose turn it is act."""
        case.refresh_from_db()
        organ = {"answer": "a", "move_date": "a"}.get(action, case.holder.key)
        may = (
            "cases.assign" if organ == "a" and action in ("answer", "move_date") else "cases.handle"
        )
        actor = self.actor(organ, "cases.read", may)
        if action == "ask":
            more["data"] = {"told": "请补正。", **(more.get("data") or {})}
        return act(actor, case=case.ref, action=action, **more)


@pytest.fixture
def make_town(trial: Procedure) -> Callable[[], Town]:
    """Return a function that builds the town inside whatever database the test uses."""

    def build() -> Town:
        store(trial)
        return Town()

    return build


@pytest.fixture
def licensing(town: Town) -> Town:
    """Return the town in which licences can be applied for as well."""
    store(Procedure.model_validate(LICENCE))
    return town


@pytest.fixture
def town(db, make_town) -> Town:
    """Return the town."""
    return make_town()
