"""Who visits: the public, an enterprise, an official with no particular right, one with every right."""

from dataclasses import dataclass, field

from tests.demonstration import PUBLIC, build_demonstration
from yingshang.parties.actors import ANONYMOUS, Actor, Assurance
from yingshang.parties.models import Account, Mandate, Organ, Person, Role, Subject
from yingshang.parties.permissions import PERMISSIONS
from yingshang.parties.selectors import actor_for

PASSWORD = "stage-password-7"
NOBODY = ""


@dataclass
class Stage:
    """Where the server is and which accounts there are; the role ``""`` is the signed-out public."""

    url: str
    accounts: dict[str, Account] = field(default_factory=dict)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, role: str) -> Actor:
        """Return the actor behind a role, as it was when first asked for."""
        if role == NOBODY:
            return ANONYMOUS
        if role not in self._actors:
            self._actors[role] = actor_for(self.accounts[role], None, Assurance.PASSWORD)
        return self._actors[role]

    @property
    def roles(self) -> list[str]:
        """Return every sort of visitor, the public first."""
        return [NOBODY, *self.accounts]


def build_stage(url: str) -> Stage:
    """Make the organs, the enterprise and their accounts."""
    office = _organ("stage-office", "示范区营商环境建设办公室", "区营商办")
    bureau = _organ("stage-bureau", "示范区市场监督管理局", "区市场监管局")
    firm = Subject.objects.create(
        type="enterprise", name="示范区清河精密仪器有限公司", code="91310000MA1FL0000X"
    )
    everything = _role("stage-everything", "全部权限", list(PERMISSIONS.names()))
    nothing = _role("stage-nothing", "一般工作人员", [])
    stage = Stage(url)
    chief = _account("zhao", "赵明远", office, everything)
    Mandate.objects.create(person=chief.person, organ=bureau).roles.set([nothing])
    stage.accounts["everything"] = chief
    stage.accounts["official"] = _account("qian", "钱书言", bureau, nothing)
    stage.accounts["enterprise"] = _account("sun", "孙立", firm, nothing)
    return stage


def stage_demonstration(url: str) -> Stage:
    """Build the demonstration as ``yingshang demo`` does; everybody in it may visit."""
    names = [name for name in build_demonstration() if name != PUBLIC]
    return Stage(url, {name: Account.objects.get(username=name) for name in names})


def _organ(key: str, name: str, short_name: str) -> Organ:
    return Organ.objects.create(
        key=key, name=name, short_name=short_name, type="department", division="310199"
    )


def _role(key: str, label: str, permissions: list[str]) -> Role:
    return Role.objects.create(key=key, label=label, label_en=key, permissions=permissions)


def _account(username: str, name: str, party: Organ | Subject, role: Role) -> Account:
    person = Person.objects.create(name=name)
    side = {"organ": party} if isinstance(party, Organ) else {"subject": party}
    Mandate.objects.create(person=person, **side).roles.set([role])
    return Account.objects.create_user(username, PASSWORD, person)
