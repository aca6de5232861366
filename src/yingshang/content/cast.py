"""The people of a rehearsal: organs, subjects, accounts and mandates that exist only while it runs."""

from typing import Any

from yingshang.content.rehearsals import CastMember, Given
from yingshang.kernel.errors import Missing
from yingshang.parties.actors import Actor, Assurance
from yingshang.parties.models import Account, Mandate, Organ, Person, Role, Subject
from yingshang.parties.selectors import actor_for


class UnknownCast(Missing):
    """A rehearsal names a role, an organ or a subject that is not there."""

    code = "unknown_cast"
    message = "排演里的 %(what)s 不存在：%(name)s"


class Cast:
    """Sets the stage that ``given`` describes; ``names`` are what its expressions may use.

    Raises :class:`UnknownCast`. Must run inside the rehearsal's own transaction.
    """

    def __init__(self, given: Given) -> None:
        self._subjects = {
            one.key: Subject.objects.create(type=one.type, name=one.name, code=one.code)
            for one in given.subjects
        }
        for one in given.organs:
            Organ.objects.create(key=one.key, name=one.name, type=one.type, division=one.division)
        self._accounts = {key: self._enter(key, member) for key, member in given.cast.items()}
        self.names: dict[str, Any] = {
            "organs": {organ.key: organ for organ in Organ.objects.all()},
            "subjects": self._subjects,
            "cast": self._accounts,
        }

    def actor(self, key: str) -> Actor:
        """Return a member of the cast as an actor, with the mandates that hold now."""
        return actor_for(self._accounts[key], None, Assurance.IN_PERSON)

    def _enter(self, key: str, member: CastMember) -> Account:
        person = Person.objects.create(name=member.name)
        account = Account.objects.create_user(f"rehearsal-{key}", None, person)
        if not (member.organ or member.subject):
            return account
        mandate = Mandate.objects.create(
            person=person,
            organ=self._organ(member.organ) if member.organ else None,
            subject=self._subject(member.subject) if member.subject else None,
            ground="排演",
        )
        roles = [self._role(role) for role in member.roles]
        if member.permissions:
            name = f"rehearsal-{key}"
            own = Role.objects.create(key=name, label=name, permissions=list(member.permissions))
            roles.append(own)
        mandate.roles.set(roles)
        return account

    def _organ(self, key: str) -> Organ:
        found = Organ.objects.filter(key=key).first()
        if found is None:
            raise UnknownCast(params={"what": "organ", "name": key})
        return found

    def _subject(self, key: str) -> Subject:
        if key not in self._subjects:
            raise UnknownCast(params={"what": "subject", "name": key})
        return self._subjects[key]

    def _role(self, key: str) -> Role:
        found = Role.objects.filter(key=key).first()
        if found is None:
            raise UnknownCast(params={"what": "role", "name": key})
        return found
