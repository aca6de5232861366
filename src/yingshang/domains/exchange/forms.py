"""The forms about facts: what people fill in, in words they know; money in yuan."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.contents import check_content
from yingshang.facts.declaring import FactTypeDeclaration, Typing
from yingshang.facts.periods import recent_periods
from yingshang.facts.purposes import OWN, PURPOSES
from yingshang.facts.showing import SENSITIVITY, label
from yingshang.kernel.times import today
from yingshang.web.templatetags.web import as_written

MOST_CHOICES = 60
FEN = 100


class CatalogueFilter(forms.Form):
    """Which facts to list."""

    q = forms.CharField(label=_("名称或标识包含"), required=False, max_length=60)
    source = forms.ChoiceField(label=_("来源"), required=False)
    sensitivity = forms.ChoiceField(
        label=_("敏感程度"), required=False, choices=[("", _("全部")), *SENSITIVITY.items()]
    )

    def __init__(self, data: Any, catalogue: Catalogue) -> None:
        super().__init__(data)
        self.catalogue = catalogue
        sources = [(one.key, label(one)) for one in catalogue.sources.values()]
        self.fields["source"].choices = [("", _("全部")), *sources]  # type: ignore[attr-defined]

    def keys(self) -> frozenset[str]:
        """Return the keys that fit."""
        everything = {**self.catalogue.types, **self.catalogue.derivations}
        asked = self.cleaned_data if self.is_valid() else {}
        return frozenset(key for key, part in everything.items() if self._fits(part, asked))

    def _fits(self, part: Any, asked: Mapping[str, str]) -> bool:
        text = asked.get("q", "").strip().lower()
        names = (part.key, part.label.lower(), part.label_en.lower())
        wanted = asked.get("sensitivity")
        return (
            (not text or any(text in name for name in names))
            and asked.get("source") in ("", None, getattr(part, "source", ""))
            and (not wanted or self.catalogue.sensitivity_of(part.key) == wanted)
        )


class PurposeForm(forms.Form):
    """For which purpose something is read, on which ground."""

    purpose = forms.ChoiceField(label=_("读取目的"))
    ground = forms.CharField(
        label=_("依据"),
        required=False,
        max_length=300,
        help_text=_("如办件编号、检查任务。查看敏感数据时必填。"),
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        purposes = [(name, one.label) for name, one in PURPOSES if name != OWN]
        self.fields["purpose"].choices = [("", _("请选择")), *purposes]  # type: ignore[attr-defined]


class ReadingForm(PurposeForm):
    """The same for a whole profile, and as of when."""

    sensitive = forms.BooleanField(label=_("包括敏感数据"), required=False)
    as_of = forms.DateField(
        label=_("情况截至"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("留空为今天。"),
    )
    known_on = forms.DateField(
        label=_("按当时所知"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("查看平台在这一天结束时掌握的情况；留空为现在。"),
    )

    def __init__(self, data: Any, *, may_read_sensitive: bool) -> None:
        super().__init__(data)
        if not may_read_sensitive:
            del self.fields["sensitive"]


class ContentForm(forms.Form):
    """A value of one fact type, in fields that fit its type; a record has one for each of its own."""

    value_label: Any = _("正确的值")

    def __init__(
        self, data: Any, catalogue: Catalogue, declared: FactTypeDeclaration, content: Any = None
    ) -> None:
        super().__init__(data)
        self.catalogue, self.declared = catalogue, declared
        for name, typing, text, initial, needed in self._wanted(content):
            made = field_for(catalogue, typing, text, required=needed)
            made.initial = shown_in_field(typing, initial)
            self.fields[name] = made

    def _wanted(self, content: Any) -> Iterable[tuple[str, Typing, str, Any, bool]]:
        if self.declared.shape != "records":
            yield "content", self.declared, str(self.value_label), content, True
            return
        for one in self.declared.fields:
            value = (content or {}).get(one.key)
            needed = one.required or one.key == self.declared.dated
            yield f"content_{one.key}", one, label(one), value, needed

    def content(self) -> Any:
        """Return the value as it is stored."""
        if self.declared.shape != "records":
            return stored_from_field(self.declared, self.cleaned_data["content"])
        given = {
            one.key: stored_from_field(one, self.cleaned_data[f"content_{one.key}"])
            for one in self.declared.fields
        }
        return {key: value for key, value in given.items() if value not in (None, "")}


class DisputeForm(ContentForm):
    """What is wrong about a value, and what is right."""

    denied = forms.BooleanField(
        label=_("没有这项数据"), required=False, help_text=_("勾选后不必填写正确的值。")
    )
    why = forms.CharField(
        label=_("理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("请写明与什么不一致，可以从哪里核实。"),
    )
    field_order = ("content", "denied", "why")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        if self.is_bound and "denied" in self.data:
            for name, one in self.fields.items():
                if name.startswith("content"):
                    one.required = False


class DeclarationForm(ContentForm):
    """What an enterprise says of itself; of a series for which period, of a scalar since when."""

    value_label = _("填报的值")
    item = forms.ChoiceField(label=_("期间"))
    valid_from = forms.DateField(
        label=_("从哪天起"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("留空为今天。"),
    )
    committed = forms.BooleanField(
        label=_("我承诺所填属实，愿意承担不实承诺的责任"),
        required=False,
        help_text=_("勾选后按“承诺”记入，等级高于自行申报。"),
    )
    field_order = ("item", "content", "valid_from", "committed")

    def __init__(self, data: Any, catalogue: Catalogue, declared: FactTypeDeclaration) -> None:
        super().__init__(data, catalogue, declared)
        if declared.period is None:
            del self.fields["item"]
        else:
            del self.fields["valid_from"]
            periods = recent_periods(declared.period, today())
            self.fields["item"].choices = [(one, one) for one in periods]  # type: ignore[attr-defined]
        if "committed" not in declared.accepts:
            del self.fields["committed"]

    def clean(self) -> dict[str, Any]:
        """Refuse what would be an issue of quality: whoever fills it in can put it right now."""
        given = super().clean() or self.cleaned_data
        if "content" in given:
            found = check_content(self.declared, self.content(), self.catalogue)
            for problem in found.problems:
                self.add_error("content", problem.detail)
        if (since := given.get("valid_from")) and since > today():
            self.add_error("valid_from", _("不能晚于今天。"))
        return given


def held_field() -> forms.IntegerField:
    """Return the hidden field that says which row was shown, so that no later one is changed unseen."""
    return forms.IntegerField(required=False, widget=forms.HiddenInput)


class CorrectionForm(ContentForm):
    """A value put right by the owner of its source."""

    held = held_field()

    reason = forms.CharField(
        label=_("更正理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class WithdrawalForm(forms.Form):
    """Why a value should not be on record."""

    held = held_field()

    reason = forms.CharField(
        label=_("撤回理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class SettlingForm(forms.Form):
    """What was done about an issue."""

    resolution = forms.CharField(
        label=_("处理情况"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


def field_for(
    catalogue: Catalogue, typing: Typing, text: str, *, required: bool = True
) -> forms.Field:
    """Return the form field of a type; money is asked for in yuan."""
    match typing.type:
        case "bool":
            return forms.ChoiceField(
                label=text,
                required=required,
                choices=[("", _("请选择")), ("1", _("是")), ("0", _("否"))],
            )
        case "int":
            return forms.IntegerField(
                label=text, required=required, help_text=as_written(typing.unit)
            )
        case "money":
            return forms.DecimalField(
                label=text,
                required=required,
                decimal_places=2,
                max_digits=17,
                help_text=_("单位：元"),
            )
        case "decimal":
            return forms.FloatField(
                label=text, required=required, help_text=as_written(typing.unit)
            )
        case "date":
            return forms.DateField(
                label=text, required=required, widget=forms.DateInput(attrs={"type": "date"})
            )
        case "code":
            return _code_field(catalogue, typing, text, required=required)
        case _:
            help_text = _("多项之间用顿号隔开") if typing.type.startswith("list(") else ""
            return forms.CharField(
                label=text, required=required, max_length=2000, help_text=help_text
            )


def _code_field(catalogue: Catalogue, typing: Typing, text: str, *, required: bool) -> forms.Field:
    codes = catalogue.codes.get(typing.code_list)
    if codes is None or len(codes.codes) > MOST_CHOICES:
        name = label(codes) if codes else typing.code_list
        return forms.CharField(
            label=text,
            required=required,
            max_length=40,
            help_text=_("请填写《%(name)s》中的代码。") % {"name": name},
        )
    choices = [(code.code, f"{label(code)}（{code.code}）") for code in codes.codes]
    return forms.ChoiceField(label=text, required=required, choices=[("", _("请选择")), *choices])


def shown_in_field(typing: Typing, content: Any) -> Any:
    """Return stored content as its field shows it."""
    if content is None:
        return None
    if typing.type == "bool":
        return "1" if content else "0"
    if typing.type == "money":
        return Decimal(content) / FEN
    return "、".join(str(one) for one in content) if isinstance(content, list) else content


def stored_from_field(typing: Typing, given: Any) -> Any:
    """Return what was filled in as it is stored."""
    if given is None or given == "":
        return None
    if typing.type == "bool":
        return given == "1"
    if typing.type == "money":
        return int(given * FEN)
    if typing.type.startswith("list("):
        return [part.strip() for part in str(given).split("、") if part.strip()]
    return given.isoformat() if typing.type == "date" else given
