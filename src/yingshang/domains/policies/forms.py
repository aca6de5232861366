"""The forms of policies."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies.extracting.reading import MOST_CHARACTERS
from yingshang.domains.policies.hearing import OpinionGiven
from yingshang.domains.policies.models import (
    Adoption,
    CleanUpAnswer,
    Decision,
    Proposal,
    ProposalSort,
    Stance,
)
from yingshang.domains.policies.presenting import LEVELS, MARKS, STATES
from yingshang.domains.policies.sayings import meant_in, number_names


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


class ImportForm(forms.Form):
    """A policy's wording: a file, or pasted text."""

    key = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]{1,79}$",
        label=_("标识"),
        help_text=_("小写字母、数字和短横线，例如 qj-2026-digital；公布后不再改变。"),
    )
    file = forms.FileField(
        label=_("政策正文的文件"),
        required=False,
        widget=forms.FileInput({"accept": ".txt,.docx,.pdf,.html,.htm"}),
        help_text=_("txt、docx、pdf 或 html，不超过 10 MB；也可以在下面粘贴正文。"),
    )
    wording = forms.CharField(
        label=_("正文"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea({"rows": 12}),
    )

    def clean(self) -> dict[str, Any]:
        """Demand one of file and text."""
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if file is not None and (file.size or 0) > LARGEST:
            self.add_error("file", _("文件超过 10 MB"))
        if not file and not cleaned.get("wording", "").strip():
            self.add_error("wording", _("请选择文件，或粘贴正文"))
        return cleaned


LARGEST = 10 * 1024 * 1024


class MastheadForm(forms.Form):
    """What stands above the clauses of a draft."""

    title = forms.CharField(label=_("标题"), max_length=200)
    title_en = forms.CharField(label=_("英文标题"), max_length=200, required=False)
    level = forms.ChoiceField(
        label=_("层级"), choices=[(level.value, label) for level, label in LEVELS.items()]
    )
    inclusive = forms.BooleanField(
        label=_("惠企普惠政策（听取的企业中至少一半是中小企业）"), required=False
    )
    topics = forms.MultipleChoiceField(
        label=_("主题"), required=False, widget=forms.CheckboxSelectMultiple
    )
    supersedes = forms.MultipleChoiceField(
        label=_("替代的政策"), required=False, widget=forms.SelectMultiple({"size": 5})
    )
    valid_from = forms.DateField(
        label=_("拟施行日期"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=_("有效期至"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    phone = forms.CharField(label=_("咨询电话"), max_length=40, required=False)

    def __init__(
        self, *args: Any, topics: dict[str, str], texts: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("topics", topics), ("supersedes", texts)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = list(choices.items())


class ClauseForm(forms.Form):
    """One clause with its marks."""

    label = forms.CharField(label=_("条款标号"), max_length=40)
    text = forms.CharField(label=_("条款内容"), max_length=5000, widget=forms.Textarea({"rows": 6}))
    marks = forms.MultipleChoiceField(
        label=_("标注"),
        choices=[(mark.value, label) for mark, label in MARKS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    unused = forms.CharField(
        label=_("没有规则依据本条的理由"),
        required=False,
        max_length=300,
        help_text=_("条件、排除情形和支持标准都应有规则依据；由人工核查的，在这里写明。"),
    )


class ProposalForm(forms.Form):
    """What becomes of a proposal; only what its sort needs is asked.

    A condition may be written anew in the language of rules, a share of something gets its fact; whoever
    fills one of them in has changed the proposal.
    """

    decision = forms.ChoiceField(
        label=_("处理"),
        choices=[(d.value, d.label) for d in Decision if d is not Decision.OPEN],
        widget=forms.RadioSelect,
        initial=Decision.CONFIRMED,
    )
    condition = forms.CharField(
        label=_("改写的规则条件"),
        required=False,
        max_length=500,
        help_text=_("会写规则的才填；也可以先确认，生成规则草稿以后再逐项修改。"),
    )
    base = forms.ChoiceField(
        label=_("按哪项数据的比例"),
        required=False,
        help_text=_("不选就写不成规则，只列为备注。"),
    )
    why = forms.CharField(
        label=_("理由"), required=False, max_length=300, help_text=_("不采用时请写明。")
    )

    def __init__(self, data: Any, one: Proposal) -> None:
        super().__init__(data, initial=_settled(one))
        if one.sort != ProposalSort.CONDITION:
            del self.fields["condition"]
        if one.sort != ProposalSort.AMOUNT or one.content.get("unit") != "percent":
            del self.fields["base"]
            return
        facts = number_names()
        kept = str((one.decided or one.content).get("base") or "")
        more = [(kept, kept)] if kept and kept not in facts else []
        chosen = [("", _("没有选定")), *more, *facts.items()]
        self.fields["base"].choices = chosen  # type: ignore[attr-defined]
        self.initial["base"] = kept or meant_in(one.words, facts)

    def clean(self) -> dict[str, Any]:
        """Take a confirmed proposal that was changed for a changed one."""
        given = super().clean() or {}
        is_changed = given.get("condition") or given.get("base")
        if given.get("decision") == Decision.CONFIRMED and is_changed:
            given["decision"] = Decision.CHANGED.value
        return given


def _settled(one: Proposal) -> dict[str, Any]:
    if one.decision == Decision.OPEN:
        return {}
    written = (one.decided or {}).get("text", "")
    return {"decision": one.decision, "why": one.why, "condition": written}


class RuleForm(forms.Form):
    """The name of the rule that is written from confirmed proposals."""

    key = forms.RegexField(r"^[a-z0-9][a-z0-9-]{1,79}$", label=_("规则标识"))
    title = forms.CharField(label=_("规则名称"), max_length=200)
    title_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)


class HearingForm(forms.Form):
    """How many are to be heard, until when, and which public number decides the draw."""

    wanted = forms.IntegerField(label=_("邀请企业数"), min_value=1, max_value=1000, initial=20)
    ends_on = forms.DateField(
        label=_("截止日期"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    source = forms.CharField(
        label=_("公开号码的来源"), max_length=60, help_text=_("例如“福彩双色球第 2026033 期”。")
    )
    source_on = forms.DateField(
        label=_("号码公布日期"),
        help_text=_("须晚于今天，使名单在号码出现之前就已锁定。"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    short = forms.CharField(label=_("不足三十日的理由"), max_length=300, required=False)


class NumbersForm(forms.Form):
    """The numbers that the announced source showed."""

    numbers = forms.RegexField(
        r"^\s*\d{1,16}(?:[\s,，、]+\d{1,16})*\s*$",
        max_length=500,
        label=_("公布的号码"),
        help_text=_("按公布的次序，用空格隔开。"),
    )

    def clean_numbers(self) -> list[int]:
        """Return the numbers in order."""
        return [int(one) for one in re.findall(r"\d+", self.cleaned_data["numbers"])]


class ReplyForm(forms.Form):
    """What became of an opinion, and why."""

    adoption = forms.ChoiceField(
        label=_("采纳情况"), choices=Adoption.choices, widget=forms.RadioSelect
    )
    reply = forms.CharField(label=_("理由"), max_length=4000, widget=forms.Textarea({"rows": 4}))


class OpinionForm(forms.Form):
    """An enterprise's opinion on every clause, and on the whole."""

    def __init__(
        self, *args: Any, clauses: list[dict[str, str]], given: dict[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.labels = ["", *(clause["label"] for clause in clauses)]
        for place, label in enumerate(self.labels):
            name = label or gettext("对整份政策")
            known = given.get(label)
            self.fields[f"stance{place}"] = forms.ChoiceField(
                label=gettext("%(clause)s：意见") % {"clause": name},
                choices=[("", _("不表态")), *Stance.choices],
                required=False,
                initial=known.stance if known else "",
            )
            self.fields[f"text{place}"] = forms.CharField(
                label=gettext("%(clause)s：说明") % {"clause": name},
                required=False,
                max_length=4000,
                widget=forms.Textarea({"rows": 2}),
                initial=known.text if known else "",
            )

    def opinions(self) -> list[OpinionGiven]:
        """Return what was said, clause by clause, as the action takes it."""
        told = (
            (label, self.cleaned_data[f"stance{place}"], self.cleaned_data[f"text{place}"])
            for place, label in enumerate(self.labels)
        )
        return [
            OpinionGiven(clause=clause, stance=Stance(stance), text=text)
            for clause, stance, text in told
            if stance
        ]

    def rows(self) -> list[tuple[str, Any, Any]]:
        """Return label and both fields of every clause, in order."""
        return [
            (label, self[f"stance{place}"], self[f"text{place}"])
            for place, label in enumerate(self.labels)
        ]


class ReviewForm(forms.Form):
    """A review: every item of the gate's form, the statement, and the verdict."""

    def __init__(self, *args: Any, items: list[Any], exceptions: dict[str, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"breach_{item.code}"] = forms.ChoiceField(
                label=item.shown,
                choices=[("no", _("没有")), ("yes", _("有"))],
                widget=forms.RadioSelect,
            )
            self.fields[f"note_{item.code}"] = forms.CharField(
                label=gettext("%(item)s：说明") % {"item": item.shown},
                required=False,
                max_length=500,
            )
        if exceptions:
            self.fields["exception"] = forms.ChoiceField(
                label=_("适用的例外规定"),
                choices=[("", _("不适用")), *exceptions.items()],
                required=False,
            )
        self.fields["statement"] = forms.CharField(
            label=_("审查意见"), max_length=4000, widget=forms.Textarea({"rows": 4})
        )
        self.fields["links"] = forms.CharField(
            label=_("佐证链接"),
            required=False,
            max_length=2000,
            widget=forms.Textarea({"rows": 2}),
            help_text=_("公开网页的地址，每行一个。"),
        )
        self.fields["passed"] = forms.ChoiceField(
            label=_("结论"),
            choices=[("yes", _("通过")), ("no", _("不通过，退回修改"))],
            widget=forms.RadioSelect,
        )

    def answers(self) -> dict[str, dict[str, Any]]:
        """Return the answers as the action takes them."""
        return {
            item.code: {
                "breach": self.cleaned_data[f"breach_{item.code}"] == "yes",
                "note": self.cleaned_data[f"note_{item.code}"],
            }
            for item in self.items
        }


class CleanUpForm(forms.Form):
    """By what a clean-up lists texts, and until when organs answer."""

    title = forms.CharField(label=_("名称"), max_length=200)
    due_on = forms.DateField(
        label=_("答复期限"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    expiring_days = forms.IntegerField(
        label=_("多少天内到期"), required=False, min_value=0, max_value=3650
    )
    older_than_years = forms.IntegerField(
        label=_("施行满多少年"), required=False, min_value=0, max_value=100
    )
    over = forms.BooleanField(label=_("已过期而没有废止"), required=False)
    rests_on_abolished = forms.BooleanField(label=_("依据的文件已废止"), required=False)


class CleanUpAnswerForm(forms.Form):
    """What an organ wants to become of its text."""

    answer = forms.ChoiceField(
        label=_("处理意见"), choices=CleanUpAnswer.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("理由"), max_length=4000, widget=forms.Textarea({"rows": 4}))
    ends_from = forms.DateField(
        label=_("从哪天起废止"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
