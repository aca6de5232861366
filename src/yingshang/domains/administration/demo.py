"""The people and enterprises of the demonstration."""

import random
from collections.abc import Iterator

from yingshang.content.packs import read_packs
from yingshang.kernel.identifiers import (
    CREDIT_ALPHABET,
    organization_check_character,
    social_credit_check_character,
)
from yingshang.parties.actions.accounts import (
    change_password,
    create_account,
    create_person,
)
from yingshang.parties.actions.mandates import grant_mandate
from yingshang.parties.actions.subjects import register_enterprise
from yingshang.parties.actors import Assurance, system_actor
from yingshang.parties.demo import DIVISION, DemoAccount, demo_builder, publish_demo_accounts
from yingshang.parties.kinds import DemoAccountDeclaration
from yingshang.parties.models import Person, Subject
from yingshang.parties.permissions import (
    ADMINISTER_ALL,
    GRANT_MANDATES,
    MANAGE_ACCOUNTS,
    REGISTER_SUBJECTS,
)
from yingshang.parties.selectors import actor_for

PASSWORD = "qingjiang-2026-demo"  # noqa: S105 (printed on the login page)
ENTERPRISES = 200
SEED = 20261101
SETUP = system_actor("demo", ADMINISTER_ALL, GRANT_MANDATES, MANAGE_ACCOUNTS, REGISTER_SUBJECTS)

_NAMES = (
    "云启",
    "清泽",
    "江禾",
    "望川",
    "柳岸",
    "石桥",
    "南浦",
    "枫林",
    "盛合",
    "博远",
    "恒昌",
    "嘉木",
)
_MIDDLES = ("达", "新", "瑞", "通", "和", "创", "联", "诚", "信", "丰")
_TRADES = (
    "精密机械",
    "电子科技",
    "生物医药",
    "食品",
    "餐饮管理",
    "物流",
    "软件",
    "建筑工程",
    "新能源",
    "纺织",
    "商贸",
    "文化传播",
)


@demo_builder("parties", order=0)
def build() -> None:
    """Enter 200 enterprises and the demonstration's people with accounts and mandates."""
    firms = [_register(number) for number in range(1, ENTERPRISES + 1)]
    publish_demo_accounts([_enter(one, firms) for one in _declared_accounts()])


def _register(number: int) -> Subject:
    """Register the enterprise of this number; the same in every demonstration."""
    rng = random.Random(SEED + number)  # noqa: S311 (names, not secrets)
    name = f"云州{rng.choice(_NAMES)}{rng.choice(_MIDDLES)}{rng.choice(_TRADES)}有限公司"
    if Subject.objects.filter(name=name).exists():
        name = name.replace("有限公司", f"（清江{number}号）有限公司")
    return register_enterprise(SETUP, code=made_up_code(rng), name=name, division=DIVISION)


def made_up_code(rng: random.Random) -> str:
    """Return a unified social credit code that passes its check but that nobody was given."""
    body = "".join(rng.choice(CREDIT_ALPHABET[:10] + "MA") for _ in range(8))
    first17 = f"91{DIVISION}{body}{organization_check_character(body)}"
    return first17 + social_credit_check_character(first17)


def _declared_accounts() -> Iterator[DemoAccountDeclaration]:
    declared = [
        one.value
        for pack in read_packs(("demo-district",))
        for one in pack.declared
        if isinstance(one.value, DemoAccountDeclaration)
    ]
    return iter(sorted(declared, key=lambda one: one.order))


def _enter(one: DemoAccountDeclaration, firms: list[Subject]) -> DemoAccount:
    person = create_person(SETUP, name=one.name)
    made = create_account(SETUP, person=person.ref, username=one.key)
    holder = actor_for(made.account, None, Assurance.PASSWORD)
    change_password(holder, current=made.initial_password, new=PASSWORD)
    party = _mandate(one, person, firms)
    return DemoAccount(one.key, PASSWORD, one.name, party, one.about, one.about_en)


def _mandate(one: DemoAccountDeclaration, person: Person, firms: list[Subject]) -> str:
    if not one.roles:
        return ""
    firm = firms[one.enterprise - 1] if one.enterprise else None
    mandate = grant_mandate(
        SETUP,
        person=person.ref,
        roles=one.roles,
        organ=one.organ,
        subject=firm.ref if firm else None,
        ground="演示数据",
    )
    return str(mandate.organ or mandate.subject)
