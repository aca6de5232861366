"""The forms of policies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies.presenting import LEVELS, STATES


class LibraryFilter(forms.Form):
    """What to look for among the texts; nothing chosen shows all."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=60)
    topic = forms.ChoiceField(label=_("主题"), required=False)
    level = forms.ChoiceField(label=_("层级"), required=False)
    issuer = forms.ChoiceField(label=_("发布单位"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)

    def __init__(
        self, *args: Any, topics: dict[str, str], issuers: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            "topic": topics.items(),
            "level": [(level.value, label) for level, label in LEVELS.items()],
            "issuer": issuers.items(),
            "state": [(key, label) for key, (label, _tone) in STATES.items()],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("全部")), *choices]
