"""A district in which the trial form is in force: a firm, its people, a counter, an office."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.documents.actions import upload
from yingshang.facts.actions.recording import Given, record_values
from yingshang.facts.declaring import FactSourceDeclaration
from yingshang.forms.definition import Form, Material
from yingshang.forms.drafts import save_draft, start_draft
from yingshang.forms.models import Draft
from yingshang.forms.tests.trial import CATALOGUE, CODES, field, form_with, material
from yingshang.kernel.kinds import Declaration
from yingshang.kernel.times import FrozenClock, frozen, now, today
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.models import Account, Mandate, Organ, Person, Role, Subject

OWN = ("forms.fill", "forms.manage_space", "facts.read_own")
COUNTER = (
    "forms.file_for", "forms.read_submissions", "forms.mark", "forms.read_space", "facts.read",
    "parties.read_subjects",
)  # fmt: skip
PDF = b"%PDF-1.4\n%trial\n"

TRIAL = form_with(
    {"key": "name", "fact": "enterprise.name"},
    {"key": "capital", "fact": "enterprise.capital"},
    {"key": "staff", "fact": "enterprise.staff"},
    field("online", "yes_no", label="网上经营"),
    field("site", label="网站", when="form.online"),
    field("note", label="说明", required="soft"),
    field(
        "owners", "group", label="股东", required="no", most_rows=5,
        fields=[field("who", "person", label="姓名"), field("share", "integer", label="份额")],
    ),
    materials=[{"material": "lease"}, {"material": "layout", "when": "form.online"}],
    signatures=[{"key": "owners", "label": "股东签名", "group": "owners", "signer": "who"}],
)  # fmt: skip


def put_in_force(kind: str, *declared: Declaration) -> None:
    """Store declarations as the versions in force, in place of those before."""
    for one in declared:
        versions = ContentVersion.objects.filter(kind=kind, key=one.key)
        number = versions.count() + 1
        versions.update(is_current=False)
        body = canonical_body(one)
        ContentVersion.objects.create(
            kind=kind, key=one.key, number=number, pack="trial", body=body,
            digest=digest_of(body), valid_from=today(), loaded_at=now(),
        )  # fmt: skip


class District:
    """A firm and another, a counter and an office; everybody has an account."""

    def __init__(self, clock: FrozenClock) -> None:
        self.clock = clock
        put_in_force("code_list", CODES)
        put_in_force("fact_type", *CATALOGUE.types.values())
        given = {"label": "登记机关", "label_en": "Registry", "duty": "登记", "duty_en": "registry"}
        source = FactSourceDeclaration.model_validate(
            {"key": "registry", **given, "owner": "office"}
        )
        put_in_force("fact_source", source)
        put_in_force(
            "material", material("lease"), material("layout", deferrable=True, deferred_days=5)
        )
        put_in_force("form", TRIAL)
        self.organs = {
            key: Organ.objects.create(key=key, name=key, type="department", division="339705")
            for key in ("counter", "office")
        }
        self.firm = Subject.objects.create(
            type="enterprise", name="甲公司", code="914403001922038216"
        )
        self.rival = Subject.objects.create(
            type="enterprise", name="乙公司", code="91350100M000100Y43"
        )
        self.boss = self.person("林晓峰", *OWN, subject=self.firm)
        self.stranger = self.person("沈佳宁", *OWN, subject=self.rival)
        self.clerk = self.person("吴敏", *COUNTER, organ=self.organs["counter"])
        self.officer = self.person("郑立", *COUNTER[1:], organ=self.organs["office"])

    def person(self, name: str, *permissions: str, **party: Any) -> Actor:
        """Return somebody with an account, under a mandate where there is a party."""
        person = Person.objects.create(name=name)
        account = Account.objects.create_user(f"user-{person.pk}", None, person)
        actor = Actor(
            ref=f"account:{account.ref}", account_id=account.pk, person_id=person.pk, name=name
        )
        if not party:
            return actor
        mandate = Mandate.objects.create(person=person, **party)
        role = Role.objects.create(key=f"r{person.pk}", label=name, permissions=list(permissions))
        mandate.roles.add(role)
        return replace(
            actor,
            ref=f"{actor.ref}/mandate:{mandate.ref}",
            mandate_id=mandate.pk,
            subject_id=mandate.subject_id,
            organ_id=mandate.organ_id,
            permissions=frozenset(permissions),
        )

    def know(self, **values: Any) -> None:
        """Let the registry say facts of the firm."""
        office = replace(
            system_actor("registry", "facts.record"), organ_id=self.organs["office"].pk
        )
        given = tuple(
            Given(subject=self.firm.ref, key=f"enterprise.{key}", content=value)
            for key, value in values.items()
        )
        record_values(office, source="registry", values=given)

    def start(self, actor: Actor | None = None, **more: Any) -> Draft:
        """Begin the trial form."""
        given = {"form": "trial", "purpose": "试办", "context": {"organ": "office"}, **more}
        return start_draft(actor or self.boss, **given)

    def save(self, draft: Draft, actor: Actor | None = None, **answers: Any) -> Draft:
        """Save answers on top of whatever is saved."""
        draft.refresh_from_db()
        return save_draft(
            actor or self.boss, draft=draft.ref, answers=answers, expected_version=draft.version
        )

    def upload(self, actor: Actor | None = None, content: bytes = PDF) -> str:
        """Upload a file and return its reference."""
        return upload(actor or self.boss, name="租赁合同.pdf", content=content).ref

    def revise(self, form: Form = TRIAL, **changes: Any) -> None:
        """Put another version of the form in force."""
        put_in_force("form", form.model_copy(update=changes))

    def declare(self, *materials: Material) -> None:
        """Put materials in force."""
        put_in_force("material", *materials)


@pytest.fixture
def district(db: None) -> Iterator[District]:
    """Return the district at noon of a Monday in Shanghai."""
    with frozen(datetime(2026, 11, 2, 4, tzinfo=UTC)) as clock:
        yield District(clock)
