"""Claims with what was pinned and paid, lists, the experts' register, scores, and demands."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Case
from yingshang.content.models import ContentVersion
from yingshang.facts.models import Evaluation
from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Organ, Person, Subject, Validity


class PayeeAccount(models.Model):
    """An account into which an enterprise wants to be paid, as it confirmed it; never changed.

    The latest is what the next confirmation is prefilled with.
    """

    objects: ClassVar[models.Manager["PayeeAccount"]]

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="payee_accounts")
    holder = models.CharField(_("户名"), max_length=120)
    bank = models.CharField(_("开户银行"), max_length=120)
    number = models.CharField(_("账号"), max_length=40)
    confirmed_by = models.CharField(max_length=160)
    confirmed_name = models.CharField(max_length=80, blank=True)
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.bank} {self.tail}"

    @property
    def tail(self) -> str:
        """Return the last four characters, by which people know an account again."""
        return f"…{self.number[-4:]}"


class ListSort(models.TextChoices):
    """What a list gathers."""

    AUTOMATIC = "automatic", _("免申即享名单")
    SCORED = "scored", _("专家评审")


class ClaimList(models.Model):
    """Those who are granted an item together: found by the platform, or reviewed in one round.

    ``ranking`` says how those entitled were ranked, with the cut-off and those who stood equal there.
    """

    objects: ClassVar[models.Manager["ClaimList"]]

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="claim_list")
    item = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="+")
    item_key = models.CharField(max_length=80)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=12, choices=ListSort)
    year = models.PositiveIntegerField()
    ranking = models.JSONField(default=dict)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item_key", "sort"],
                condition=Q(is_open=True),
                name="one_open_list_per_item",
            )
        ]

    def __str__(self) -> str:
        return self.item_key


class Claim(models.Model):
    """What an enterprise claims, or was found to be entitled to, under one item for one period.

    ``item`` and ``rule`` are the versions to which it is pinned; ``evaluation`` what the rule said when it
    began, ``decided_on`` what it said when it was decided. A ``live`` one counts against the period;
    it is not live once it was refused, withdrawn or has lapsed. ``paid_fen`` is what the treasury
    confirmed and did not come back.
    """

    objects: ClassVar[models.Manager["Claim"]]

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="claim")
    item = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="+")
    item_key = models.CharField(max_length=80)
    policy = models.CharField(max_length=80)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="claims")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField()
    period = models.CharField(max_length=40)
    is_live = models.BooleanField(default=True)
    amount_fen = models.BigIntegerField(null=True)
    decided_fen = models.BigIntegerField(null=True)
    paid_fen = models.BigIntegerField(default=0)
    commitment = models.CharField(max_length=24, blank=True)
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_on = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    account = models.ForeignKey(
        PayeeAccount, on_delete=models.PROTECT, null=True, related_name="claims"
    )
    listed = models.ForeignKey(
        ClaimList, on_delete=models.PROTECT, null=True, related_name="claims"
    )
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "item_key", "period"],
                condition=Q(is_live=True),
                name="one_live_claim_per_period",
            ),
            models.CheckConstraint(
                condition=Q(paid_fen__gte=0)
                & (Q(decided_fen__isnull=True, paid_fen=0) | Q(paid_fen__lte=F("decided_fen"))),
                name="no_claim_paid_above_decision",
            ),
        ]
        indexes = [
            models.Index(fields=["policy", "subject"], name="claims_by_policy"),
            models.Index(fields=["item_key", "-id"], name="claims_by_item"),
            models.Index(fields=["subject", "-id"], name="claims_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.item_key} {self.ref}"


class ListEntry(models.Model):
    """One enterprise of those entitled when a list was opened: chosen, or why not.

    ``reason`` is ``chosen``, a reason of the ranking, ``not_entitled`` (the live evaluation said
    otherwise), ``claimed``, ``excluded``, or ``objected`` where it was put on the list after its
    objection; ``told`` are the values by which it was ranked.
    """

    objects: ClassVar[models.Manager["ListEntry"]]

    listed = models.ForeignKey(ClaimList, on_delete=models.PROTECT, related_name="entries")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField(null=True)
    since = models.DateField(null=True)
    place = models.PositiveIntegerField(default=0)
    is_chosen = models.BooleanField()
    reason = models.CharField(max_length=20)
    told = models.JSONField(default=list)
    detail = models.CharField(max_length=300, blank=True)
    claim = models.OneToOneField(
        Claim, on_delete=models.PROTECT, null=True, related_name="list_entry"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listed", "subject"], name="once_on_a_claim_list")
        ]
        indexes = [models.Index(fields=["listed", "-is_chosen", "place"], name="claim_list_order")]


class InstalmentState(models.TextChoices):
    """How far an instalment has come; ``HELD`` waits for acceptance."""

    HELD = "held", _("待验收")
    DUE = "due", _("待支付")
    ORDERED = "ordered", _("支付中")
    PAID = "paid", _("已支付")
    RETURNED = "returned", _("已退票")
    DROPPED = "dropped", _("不再支付")


class ClaimInstalment(models.Model):
    """A share of what was decided, and the payment by which it was last ordered.

    ``commitment`` is where its money is reserved; empty where that is the claim's own commitment.
    """

    objects: ClassVar[models.Manager["ClaimInstalment"]]

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120, blank=True)
    label_en = models.CharField(max_length=120, blank=True)
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=InstalmentState)
    attempts = models.PositiveSmallIntegerField(default=0)
    payment = models.CharField(max_length=24, blank=True, db_index=True)
    commitment = models.CharField(max_length=24, blank=True)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="one_claim_instalment"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="instalment_is_money"),
        ]
        ordering = ("claim", "number")


class ClaimEvidence(models.Model):
    """What one claim rests on and no other may: an invoice, a project, by digest.

    ``name`` is the field or the material, ``digest`` the SHA-256 of what it says or of the file. Once a
    claim is decided it ``holds`` its evidence, and the database lets nobody else hold the same.
    """

    objects: ClassVar[models.Manager["ClaimEvidence"]]

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, db_index=True)
    is_held = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "digest"], name="evidence_once_per_claim"),
            models.UniqueConstraint(
                fields=["digest"], condition=Q(is_held=True), name="evidence_held_once"
            ),
        ]


class ClaimDemand(models.Model):
    """What is demanded back of a claim (追回), under the ground of its item; its case says how far it is."""

    objects: ClassVar[models.Manager["ClaimDemand"]]

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="claim_demand")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="demands")
    ground = models.CharField(max_length=60)
    amount_fen = models.BigIntegerField()
    received_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, received_fen__gte=0)
                & Q(received_fen__lte=F("amount_fen")),
                name="claim_demand_is_money",
            )
        ]


class Expert(Validity):
    """An entry in the register of experts (评审专家): a person, in a field, with whom they work for.

    Names of employers and their credit codes are what recusal looks at. ``keeper`` is the organ that
    entered it; who kept an entry made before that was stored is not known.
    """

    objects: ClassVar[models.Manager["Expert"]]

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="expertise")
    field = models.CharField(max_length=80)
    title = models.CharField(_("职称职务"), max_length=80, blank=True)
    employer = models.CharField(_("工作单位"), max_length=120)
    employer_code = models.CharField(_("单位代码"), max_length=18, blank=True)
    keeper = models.ForeignKey(Organ, on_delete=models.PROTECT, null=True, related_name="+")
    entered_by = models.CharField(max_length=160)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "field"],
                condition=Q(valid_to__isnull=True),
                name="an_expert_once_per_field",
            )
        ]
        indexes = [models.Index(fields=["field", "-id"], name="experts_by_field")]

    def __str__(self) -> str:
        return self.ref


class Panel(models.Model):
    """The experts of a round: the draw by which they were found, and who recused themselves and why."""

    objects: ClassVar[models.Manager["Panel"]]

    listed = models.OneToOneField(ClaimList, on_delete=models.PROTECT, related_name="panel")
    draw = models.CharField(max_length=24)
    sources = models.JSONField()
    numbers = models.JSONField(default=list)
    excluded = models.JSONField(default=list)
    """``{member, ground}`` of each recusal."""
    drawn_at = models.DateTimeField(null=True)


class Seat(models.Model):
    """An expert's place in a panel, with the sheet on which they score alone."""

    objects: ClassVar[models.Manager["Seat"]]

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="seats")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="seats")
    seated_at = models.DateTimeField()
    recused_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    """When the expert handed in the sheet; nothing on it changes afterwards."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["panel", "expert"], name="one_seat_per_expert")
        ]


class Score(models.Model):
    """An expert's points for one criterion of one claim; ``comment`` is for the whole claim's first one."""

    objects: ClassVar[models.Manager["Score"]]

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="scores")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="scores")
    criterion = models.CharField(max_length=60)
    points = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "claim", "criterion"], name="one_score_per_criterion"
            )
        ]


class ScoredResult(models.Model):
    """What a round came to for one claim: the mean of what counts, its place, and why it was chosen or not.

    ``sheets`` are the experts' totals in ascending order without names, ``counted`` those of them that
    count; ``by_criterion`` the mean per criterion. Means are in hundredths of a point.
    """

    objects: ClassVar[models.Manager["ScoredResult"]]

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="scored")
    sheets = models.JSONField()
    counted = models.JSONField()
    by_criterion = models.JSONField()
    comments = models.JSONField(default=list)
    mean_hundredths = models.IntegerField()
    place = models.PositiveIntegerField()
    is_chosen = models.BooleanField()
    reason = models.CharField(max_length=20)

    @property
    def mean(self) -> str:
        """Return the mean with its two places."""
        return f"{self.mean_hundredths / 100:.2f}"
