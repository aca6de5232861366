"""Recognised providers, vouchers, their redemptions, and settlements between regions."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Subject


def new_voucher_number() -> str:
    """Return a number that nobody guesses: 80 random bits in groups that can be read out."""
    text = new_ref(16).upper()
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


class VoucherProvider(models.Model):
    """A provider at whom a scheme's vouchers may be redeemed (服务机构), until ``ended_on``."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    scheme = models.CharField(max_length=60)
    region = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=18)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    bank = models.CharField(max_length=120, blank=True)
    account = models.CharField(max_length=40, blank=True)
    scopes: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    recognised_at = models.DateTimeField()
    ended_on = models.DateField(null=True)
    ground = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="provider_recognised_once")
        ]

    def __str__(self) -> str:
        return self.name


class VoucherState(models.TextChoices):
    """How a voucher stands; one that is used up or past its day is never redeemed again."""

    ISSUED = "issued", pgettext_lazy("voucher", "可使用")
    USED = "used", pgettext_lazy("voucher", "已用完")
    EXPIRED = "expired", pgettext_lazy("voucher", "已过期")
    CANCELLED = "cancelled", pgettext_lazy("voucher", "已作废")


class Voucher(models.Model):
    """A voucher as it was issued; the scheme's terms of that day are kept with it. ``left_fen`` may still be redeemed."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    number = models.CharField(max_length=24, unique=True, default=new_voucher_number)
    scheme = models.CharField(max_length=60)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="vouchers")
    scope = models.CharField(max_length=40)
    rate = models.DecimalField(max_digits=4, decimal_places=3)
    cap_fen = models.BigIntegerField()
    left_fen = models.BigIntegerField()
    year_cap_fen = models.BigIntegerField()
    issued_on = models.DateField()
    valid_until = models.DateField()
    state = models.CharField(max_length=12, choices=VoucherState, default=VoucherState.ISSUED)
    commitment = models.ForeignKey(
        "funds.Commitment", on_delete=models.PROTECT, related_name="vouchers"
    )
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "subject", "key"], name="voucher_issued_once"
            ),
            models.CheckConstraint(
                condition=Q(left_fen__gte=0, left_fen__lte=F("cap_fen")),
                name="voucher_not_overdrawn",
            ),
        ]
        indexes = [
            models.Index(fields=["valid_until"], condition=Q(state="issued"), name="vouchers_open")
        ]

    def __str__(self) -> str:
        return self.number


class Direction(models.TextChoices):
    """Whose firm used whose provider."""

    LOCAL = "local", pgettext_lazy("redemption", "本地使用")
    OUTBOUND = "outbound", pgettext_lazy("redemption", "本地券异地使用")
    INBOUND = "inbound", pgettext_lazy("redemption", "异地券本地使用")


class SettlementState(models.TextChoices):
    """How far a settlement has come."""

    DRAWN = "drawn", pgettext_lazy("settlement", "待对方确认")
    CONFIRMED = "confirmed", pgettext_lazy("settlement", "已确认")
    PAYING = "paying", pgettext_lazy("settlement", "支付中")
    PAID = "paid", pgettext_lazy("settlement", "已结清")


class Settlement(models.Model):
    """What we owe a partner region for a period and what it owes us, the one set off against the other."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    scheme = models.CharField(max_length=60)
    region = models.CharField(max_length=12)
    starts_on = models.DateField()
    ends_on = models.DateField()
    payable_fen = models.BigIntegerField()
    receivable_fen = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=SettlementState, default=SettlementState.DRAWN)
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=160)
    drawn_person = models.BigIntegerField(null=True)
    drawn_name = models.CharField(max_length=120, blank=True)
    confirmation = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_name = models.CharField(max_length=120, blank=True)
    paid_at = models.DateTimeField(null=True)
    document = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "region", "ends_on"], name="settled_once_a_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.region} {self.ends_on}"

    @property
    def net_fen(self) -> int:
        """Return what we pay the region; negative where it pays us."""
        return self.payable_fen - self.receivable_fen


class Redemption(models.Model):
    """One use of a voucher against a contract and its invoice; an invoice is used once."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    scheme = models.CharField(max_length=60)
    direction = models.CharField(max_length=12, choices=Direction)
    region = models.CharField(max_length=12)
    """The other region; our own where nobody else is concerned."""
    voucher = models.ForeignKey(
        Voucher, on_delete=models.PROTECT, null=True, related_name="redemptions"
    )
    number = models.CharField(max_length=40)
    holder_name = models.CharField(max_length=120)
    holder_code = models.CharField(max_length=18)
    provider = models.ForeignKey(
        VoucherProvider, on_delete=models.PROTECT, related_name="redemptions"
    )
    contract = models.CharField(max_length=80)
    invoice = models.CharField(max_length=40, unique=True)
    invoice_fen = models.BigIntegerField()
    amount_fen = models.BigIntegerField()
    confirmation = models.CharField(max_length=80, blank=True)
    confirmation_key = models.CharField(max_length=80, blank=True)
    """The partner region's confirmation as letters and digits alone: each is used once."""
    number_key = models.CharField(max_length=40, blank=True)
    """The number of a partner region's voucher as letters and digits alone."""
    redeemed_at = models.DateTimeField()
    by = models.CharField(max_length=160)
    commitment = models.ForeignKey("funds.Commitment", on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(
        "funds.Payment", on_delete=models.PROTECT, null=True, related_name="+"
    )
    due = models.ForeignKey("funds.DueBack", on_delete=models.PROTECT, null=True, related_name="+")
    settlement = models.ForeignKey(
        Settlement, on_delete=models.PROTECT, null=True, related_name="redemptions"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, amount_fen__lte=F("invoice_fen")),
                name="voucher_bears_a_share",
            ),
            models.UniqueConstraint(
                fields=["region", "confirmation_key"],
                condition=~Q(confirmation_key=""),
                name="confirmation_used_once",
            ),
        ]
        indexes = [
            models.Index(fields=["scheme", "region", "redeemed_at"], name="redemptions_by_region"),
            models.Index(fields=["scheme", "region", "number_key"], name="redemptions_of_foreign"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.amount_fen}"
