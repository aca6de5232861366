"""Two bureaus with their people, three firms, and small kinds of licences and documents."""

from collections.abc import Callable
from typing import Any

import pytest

from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.kernel.kinds import KINDS
from yingshang.kernel.times import now, today
from yingshang.licences.actions.documents import issue_decision
from yingshang.licences.actions.licences import issue
from yingshang.licences.models import Decision, Licence
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Subject

FOOD: dict[str, Any] = {
    "key": "food",
    "label": "食品经营许可证",
    "label_en": "Food-business licence",
    "type_code": "11100000MB0143028R038",
    "number": "JY{category}{division}{serial:06}{check:mod_11_10}",
    "template": "food",
    "term": {"years": 5},
    "legal": ["食品安全法第三十五条"],
    "fields": [
        {"key": "category", "label": "主体业态", "label_en": "Form", "required": True},
        {"key": "place", "label": "经营场所", "label_en": "Place", "required": True},
        {"key": "note", "label": "备注", "label_en": "Note"},
        {"key": "checked_on", "label": "核查日期", "label_en": "Checked on", "type": "date"},
    ],
}
PASS: dict[str, Any] = {
    "key": "pass",
    "label": "通行证",
    "label_en": "Pass",
    "type_code": "11100000000000000X001",
    "number": "TX{serial:03}",
    "serial": "drawn",
    "holders": ["person"],
    "template": "food",
    "legal": ["试行办法第一条"],
}
CHARTER: dict[str, Any] = {
    **PASS,
    "key": "charter",
    "type_code": "11100000000000000X002",
    "number": "{subject.code}",
    "holders": ["enterprise"],
}
FOOD_PAGE: dict[str, Any] = {
    "key": "food",
    "label": "食品经营许可证",
    "label_en": "Food-business licence",
    "sort": "licence",
    "source": "= 食品经营许可证\n#data.number #data.holder.name #data.fields.place",
}
NOTICE: dict[str, Any] = {
    "key": "notice",
    "label": "受理通知书",
    "label_en": "Notice of acceptance",
    "sort": "decision",
    "number": "{organ.short_name}受〔{year}〕第{serial}号",
    "legal": ["行政许可法第三十二条"],
    "fields": [{"key": "matter", "label": "事项", "label_en": "Matter", "required": True}],
    "source": "= 受理通知书\n#data.number #data.fields.matter",
}


def store(kind: str, body: dict[str, Any]) -> ContentVersion:
    """Store a declaration as the version in force."""
    plain = canonical_body(KINDS.get(kind).model.model_validate(body))
    same = ContentVersion.objects.filter(kind=kind, key=body["key"])
    same.update(is_current=False)
    return ContentVersion.objects.create(
        kind=kind,
        key=body["key"],
        number=same.count() + 1,
        pack="trial",
        body=plain,
        digest=digest_of(plain),
        valid_from=today(),
        loaded_at=now(),
    )


class Town:
    """Bureaus ``market`` and ``health``; firms 甲, 乙 and the citizen 王小明; people of each."""

    def __init__(self) -> None:
        for body in (FOOD_PAGE, NOTICE):
            store("document_template", body)
        for body in (FOOD, PASS, CHARTER):
            store("licence_kind", body)
        self.organs = {
            key: Organ.objects.create(
                key=key, name=name, short_name=name[3:], type="department", division="339705",
                credit_code=code,
            )
            for key, name, code in (
                ("market", "清江区市场监管局", "11339705MB00000017"),
                ("health", "清江区卫生健康局", ""),
            )
        }  # fmt: skip
        self.firms = {
            name: Subject.objects.create(type="enterprise", name=f"{name}公司", code=code)
            for name, code in (("甲", "91339705MA00000017"), ("乙", "91339705MA00000025"))
        }
        self.citizen = Subject.objects.create(type="person", name="王小明")

    def official(self, *permissions: str, organ: str = "market") -> Actor:
        """Return somebody of a bureau with these permissions (all of the package's by default)."""
        every = ("read", "issue", "manage", "decide")
        names = permissions or tuple(f"licences.{name}" for name in every)
        return Actor(
            ref=f"account:{organ}",
            account_id=1,
            organ_id=self.organs[organ].pk,
            permissions=frozenset(names),
            name="吴敏",
        )

    def holder(self, firm: str = "甲") -> Actor:
        """Return somebody who acts for a firm."""
        return Actor(
            ref=f"account:{firm}",
            account_id=2,
            subject_id=self.firms[firm].pk,
            permissions=frozenset(["licences.hold"]),
            name="林晓峰",
        )

    def issue(self, **more: Any) -> Licence:
        """Issue a food licence to the first firm."""
        given: dict[str, Any] = {
            "kind": "food",
            "subject": self.firms["甲"].ref,
            "issuer": "market",
            "fields": {"category": "2", "place": "创新路 10 号"},
            **more,
        }
        return issue(self.official(organ=given["issuer"]), **given)

    def decide(self, organ: str = "market", **more: Any) -> Decision:
        """Make a notice for the first firm."""
        given: dict[str, Any] = {
            "template": "notice",
            "subject": self.firms["甲"].ref,
            "fields": {"matter": "食品经营许可"},
            **more,
        }
        return issue_decision(self.official(organ=organ), organ=organ, **given)


@pytest.fixture
def make_town() -> Callable[[], Town]:
    """Return what builds the town in whatever database the test uses."""
    return Town


@pytest.fixture
def town(db: None) -> Town:
    """Return the town."""
    return Town()
