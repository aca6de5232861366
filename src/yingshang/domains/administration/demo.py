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
from yingshang.parties.models import Account, Organ, Person, Subject
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
    """Enter 200 enterprises."""
    for number in range(1, ENTERPRISES + 1):
        name, code = _drawn(number)
        if Subject.objects.filter(name=name).exists():
            name = name.replace("有限公司", f"（清江{number}号）有限公司")
        register_enterprise(SETUP, code=code, name=name, division=DIVISION)


@demo_builder("people", order=1, always=True)
def enter_people() -> None:
    """Enter the demonstration's people with accounts and mandates; a later version may bring more."""
    there = set(Account.objects.values_list("username", flat=True))
    publish_demo_accounts([_enter(one, one.key in there) for one in _declared_accounts()])


def _drawn(number: int) -> tuple[str, str]:
    """Return name and code of the enterprise of this number; the same in every demonstration."""
    rng = random.Random(SEED + number)  # noqa: S311 (names, not secrets)
    name = f"云州{rng.choice(_NAMES)}{rng.choice(_MIDDLES)}{rng.choice(_TRADES)}有限公司"
    return name, made_up_code(rng)


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


def _enter(one: DemoAccountDeclaration, is_there: bool) -> DemoAccount:
    party = _party(one)
    if not is_there:
        person = create_person(SETUP, name=one.name)
        made = create_account(SETUP, person=person.ref, username=one.key)
        holder = actor_for(made.account, None, Assurance.PASSWORD)
        change_password(holder, current=made.initial_password, new=PASSWORD)
        _mandate(one, person, party)
    return DemoAccount(
        one.key, PASSWORD, one.name, str(party) if party else "", one.about, one.about_en
    )


def _party(one: DemoAccountDeclaration) -> Organ | Subject | None:
    if not one.roles:
        return None
    if one.enterprise:
        return Subject.objects.get(code=_drawn(one.enterprise)[1])
    return Organ.objects.get(key=one.organ)


def _mandate(one: DemoAccountDeclaration, person: Person, party: Organ | Subject | None) -> None:
    if party is not None:
        grant_mandate(
            SETUP,
            person=person.ref,
            roles=one.roles,
            organ=one.organ,
            subject=party.ref if isinstance(party, Subject) else None,
            ground="演示数据",
        )
