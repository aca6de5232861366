"""Organs, subjects, people, accounts, roles, mandates and their dated relations."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now


class Validity(models.Model):
    """Valid from a day up to and including a day; an open end means until further notice."""

    valid_from = models.DateField(_("生效日期"), null=True, blank=True)
    valid_to = models.DateField(_("截止日期"), null=True, blank=True)

    class Meta:
        abstract = True

    def is_valid_on(self, day: date) -> bool:
        """Tell whether ``day`` lies in the validity."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


def valid_on(day: date, prefix: str = "") -> Q:
    """Return the filter for rows that are valid on ``day``."""
    start, end = f"{prefix}valid_from", f"{prefix}valid_to"
    return (Q(**{f"{start}__isnull": True}) | Q(**{f"{start}__lte": day})) & (
        Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": day})
    )


class OrganType(models.TextChoices):
    """What sort of body an organ is."""

    DISTRICT = "district", _("区级领导机关")
    DEPARTMENT = "department", _("区级部门")
    STREET = "street", _("街道")
    TOWN = "town", _("镇")
    PARK = "park", _("园区")
    COURT = "court", _("司法机关")
    VERTICAL = "vertical", _("垂直管理部门")
    STATE_FIRM = "state_firm", _("国有企业")
    UTILITY = "utility", _("公用事业单位")
    CENTRE = "centre", _("服务中心")
    MASS = "mass", _("人民团体")
    OTHER = "other", _("其他单位")


class Organ(Validity):
    """A public body (机构) with its validity; organs stand in typed, dated relations, not in one tree."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    key = models.CharField(_("标识"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    type = models.CharField(_("类型"), max_length=20, choices=OrganType)
    division = models.CharField(_("行政区划代码"), max_length=12, help_text="GB/T 2260")
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    order = models.PositiveIntegerField(default=1000)

    class Meta:
        ordering = ("order", "key")

    def __str__(self) -> str:
        return self.short_name or self.name


class OrganRelationType(models.TextChoices):
    """How one organ stands to another (块, 条, 委托)."""

    ADMINISTRATIVE = "administrative", _("行政隶属")
    PROFESSIONAL = "professional", _("业务指导")
    DELEGATED = "delegated", _("委托")


class OrganRelation(Validity):
    """``lower`` stands under ``upper`` in one respect, for a time."""

    upper = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="lower_relations")
    lower = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="upper_relations")
    type = models.CharField(max_length=20, choices=OrganRelationType)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["upper", "lower", "type", "valid_from"], name="one_relation_per_start"
            ),
            models.CheckConstraint(condition=~Q(upper=F("lower")), name="no_organ_under_itself"),
        ]


class OrganAlias(models.Model):
    """A name under which documents mention an organ, or a group of organs that a person resolves.

    The same name may mean another body in another district, hence the division.
    """

    name = models.CharField(_("别名"), max_length=80)
    division = models.CharField(_("行政区划代码"), max_length=12)
    organ = models.ForeignKey(
        Organ, on_delete=models.CASCADE, null=True, blank=True, related_name="aliases"
    )
    is_group = models.BooleanField(_("集合名称"), default=False)
    members = models.ManyToManyField(Organ, blank=True, related_name="group_aliases")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division", "name"], name="one_meaning_per_name_and_division"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SubjectType(models.TextChoices):
    """What sort of subject stands before the organs."""

    ENTERPRISE = "enterprise", _("企业")
    SELF_EMPLOYED = "self_employed", _("个体工商户")
    PERSON = "person", _("自然人")
    PROJECT = "project", _("项目")
    SITE = "site", _("场所")


class Subject(Validity):
    """Somebody or something that organs deal with (办事主体); its facts live elsewhere."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    type = models.CharField(_("类型"), max_length=20, choices=SubjectType)
    name = models.CharField(_("名称"), max_length=120)
    code = models.CharField(
        _("统一社会信用代码"), max_length=18, null=True, blank=True, unique=True
    )
    division = models.CharField(_("行政区划代码"), max_length=12, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(type="enterprise") | Q(code__isnull=False),
                name="an_enterprise_has_a_code",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SubjectRelationType(models.TextChoices):
    """How one subject stands to another, as far as the platform has words for it."""

    LEGAL_REPRESENTATIVE = "legal_representative", _("法定代表人")
    BRANCH = "branch", _("分支机构")
    PARENT = "parent", _("母公司")
    SHAREHOLDER = "shareholder", _("股东")


class SubjectRelation(Validity):
    """A typed, dated relation between subjects: legal representative, branch, parent, shareholder.

    Held to be so from ``recorded_at`` until ``superseded_at``; a row changes in nothing but its end.
    """

    objects: ClassVar[models.Manager["SubjectRelation"]]

    source = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="relations_out")
    target = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="relations_in")
    type = models.CharField(max_length=40)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    @property
    def type_label(self) -> str:
        """Return how ``target`` stands to ``source``, in the reader's language."""
        return relation_label(self.type)


def relation_label(relation: str) -> str:
    """Return what a type of relation is called; the type itself where there is no word for it."""
    known = relation in SubjectRelationType.values
    return str(SubjectRelationType(relation).label) if known else relation


class Person(models.Model):
    """A natural person who acts; the identity number is kept as a keyed digest, never in the clear."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    name = models.CharField(_("姓名"), max_length=60)
    id_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    phone = models.CharField(_("手机"), max_length=20, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; everyday code goes through ``actions.create_account``."""

    def create_user(self, username: str, password: str | None, person: Person) -> "Account":
        """Create an account with a usable or unusable password."""
        account = Account(username=username, person=person)
        account.set_password(password)
        account.save()
        return account


class Account(AbstractBaseUser):
    """A login of a person; it carries no rights, mandates do."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    username = models.CharField(_("用户名"), max_length=60, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    must_change_password = models.BooleanField(default=False)
    session_epoch = models.PositiveIntegerField(default=0)
    """Raised to sign the account out everywhere."""

    objects = AccountManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.username


class PartySort(models.TextChoices):
    """For whom a role acts."""

    ORGAN = "organ", _("机构")
    SUBJECT = "subject", _("办事主体")


class Role(models.Model):
    """A set of permissions with a name, declared in content; given through a mandate, for one party."""

    key = models.CharField(max_length=60, unique=True)
    label = models.CharField(max_length=60)
    label_en = models.CharField(max_length=80, blank=True)
    permissions = models.JSONField(default=list)
    additions = models.JSONField(default=dict)
    """Permissions that other packs add to the role, by the key of their declaration."""
    party = models.CharField(max_length=10, choices=PartySort, default=PartySort.ORGAN)
    is_reserved = models.BooleanField(default=False)
    """Only whoever administers the whole district may grant it."""

    @property
    def all_permissions(self) -> frozenset[str]:
        """Return what the role carries, additions included."""
        added = (name for names in self.additions.values() for name in names)
        return frozenset([*self.permissions, *added])

    def __str__(self) -> str:
        return self.label


class MandateKind(models.TextChoices):
    """On what footing somebody acts."""

    ORDINARY = "ordinary", _("一般授权")
    LEGAL_REPRESENTATIVE = "legal_representative", _("法定代表人")
    ADMINISTRATOR = "administrator", _("破产管理人")


class Mandate(Validity):
    """A person acts for an organ or a subject, in roles, for a time, with a least assurance (授权)."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates")
    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="mandates"
    )
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="mandates"
    )
    roles = models.ManyToManyField(Role, related_name="mandates")
    kind = models.CharField(
        _("授权性质"), max_length=24, choices=MandateKind, default=MandateKind.ORDINARY
    )
    granted_under = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="granted"
    )
    assurance = models.PositiveSmallIntegerField(default=1)
    ground = models.CharField(_("授权依据"), max_length=200, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organ__isnull=False, subject__isnull=True)
                | Q(organ__isnull=True, subject__isnull=False),
                name="a_mandate_is_for_one_party",
            )
        ]

    @cached_property
    def held_roles(self) -> list[Role]:
        """Return the roles that it carries; whoever reads many mandates may read those at once and set it."""
        return list(self.roles.all())
