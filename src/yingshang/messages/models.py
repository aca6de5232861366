"""Messages with their instants, and the sorts that a subject does not want."""

from django.db import models
from django.db.models import Q

from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Subject

FUNNEL = ("sort", "about", "sent_on")
"""What each step of a funnel is counted by, from the index of its own instant alone."""


class Message(models.Model):
    """What a subject was told once; of its fields only the four later instants ever change.

    ``about`` names the thing as ``<sort>:<ref>`` (``policy:rd-investment``); ``key`` is the sender's
    own, by which the same thing is never said twice. ``sent_on`` is the day of ``sent_at`` in Shanghai.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="messages")
    key = models.CharField(max_length=120)
    sort = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    text_en = models.TextField(blank=True)
    href = models.CharField(max_length=300, blank=True)
    about = models.CharField(max_length=160, blank=True)
    sent_at = models.DateTimeField()
    sent_on = models.DateField()
    read_at = models.DateTimeField(null=True, blank=True)
    """When somebody first opened it; seeing it in a list is not reading it."""
    cleared_at = models.DateTimeField(null=True, blank=True)
    """When it was put among the read ones without being opened."""
    clicked_at = models.DateTimeField(null=True, blank=True)
    acted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "key"], name="a_message_is_sent_once")
        ]
        indexes = [
            models.Index(
                fields=["subject"],
                name="inbox_unread",
                condition=Q(read_at__isnull=True, cleared_at__isnull=True),
            ),
            models.Index(fields=FUNNEL, name="inbox_sent"),
            models.Index(fields=FUNNEL, name="inbox_read", condition=Q(read_at__isnull=False)),
            models.Index(
                fields=FUNNEL, name="inbox_clicked", condition=Q(clicked_at__isnull=False)
            ),
            models.Index(fields=FUNNEL, name="inbox_acted", condition=Q(acted_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_unread(self) -> bool:
        """Tell whether nobody opened or cleared it yet."""
        return self.read_at is None and self.cleared_at is None


class Declined(models.Model):
    """A sort of message that a subject does not want from ``since`` on."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="declined_sorts")
    sort = models.CharField(max_length=60)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "sort"], name="declined_once")]
