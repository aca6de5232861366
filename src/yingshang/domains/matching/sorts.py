"""The message that a run sends, and what it is about."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.matching.models import MatchRun
from yingshang.domains.matching.telling import ABOUT, SORT
from yingshang.messages.sorts import ABOUTS, sort
from yingshang.web.dates import day_text

sort(
    SORT, _("符合的政策有变化"), text=_("新符合或者不再符合的惠企政策，最多每周一条"), gathered=True
)


def _names(refs: Sequence[str]) -> Mapping[str, str]:
    days = MatchRun.objects.filter(ref__in=refs).values_list("ref", "as_of")
    return {ref: gettext("%(day)s 的政策匹配") % {"day": day_text(day)} for ref, day in days}


ABOUTS.add(ABOUT, _names)
