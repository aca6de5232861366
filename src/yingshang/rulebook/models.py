"""Drafts of rules: the text as somebody typed it, until it is published."""

from django.db import models

from yingshang.content.models import ContentVersion
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now
from yingshang.parties.models import Organ, Person


class RuleDraft(models.Model):
    """A rule in the making (规则草稿): one YAML document, kept byte for byte as it was typed.

    ``key`` is that of the document where it can be read. ``version`` counts the savings, so that two
    clerks do not overwrite one another. ``based_on`` is what was in force when the draft was started;
    ``published_as`` ends it.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    key = models.CharField(max_length=80, blank=True, db_index=True)
    text = models.TextField()
    based_on = models.ForeignKey(
        ContentVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="rule_drafts"
    )
    version = models.PositiveIntegerField(default=1)
    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="rule_drafts"
    )
    made_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="rule_drafts"
    )
    made_at = models.DateTimeField(default=now)
    saved_at = models.DateTimeField(default=now)
    saved_by = models.CharField(max_length=120, blank=True)
    published_as = models.ForeignKey(
        ContentVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="drafted_in"
    )
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organ", "-id"], name="rule_draft_organ")]

    def __str__(self) -> str:
        return f"{self.ref} {self.key} v{self.version}"

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be written."""
        return self.published_as_id is None and self.given_up_at is None
