"""The form of an item, derived from what its rule asks, what the item asks, and its materials.

Several items' forms are combined by :mod:`yingshang.forms.combining`: what is asked twice is asked once, and
what the platform knows is prefilled with its source. A derived form is content under the pack
``derived``, so that a filing is pinned to what it was asked.
"""

from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.db.models import Max

from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.domains.claims.items.book import Item, policy_of
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.forms.definition import Form, FormField, MaterialAsked, Section
from yingshang.forms.kinds import FORM
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor

PACK = "derived"
ACCOUNT = ("payee_bank", "payee_number")
"""The fields of the account, in every derived form alike."""


def form_key(item: str) -> str:
    """Return the key of an item's derived form."""
    return f"claim-{item}"[:80]


def derive_form(item: Item) -> Form:
    """Return the form of an item: the facts that its rule asks, its own fields, the account."""
    declared, rule = item.declared, policy_of(item.rule)
    fields = (*_facts(rule.asks, rule.source, current_catalogue()), *declared.asks)
    sections = [
        Section(
            key="items",
            label=declared.label,
            label_en=declared.label_en,
            help=declared.about,
            help_en=declared.about_en,
            fields=fields,
        )
    ]
    sections = [one for one in sections if one.fields]
    return Form(
        key=form_key(declared.key),
        label=declared.label,
        label_en=declared.label_en,
        legal=rule.source,
        sections=(*sections, _account()),
        materials=tuple(
            MaterialAsked(material=key, legal=rule.source) for key in declared.materials
        ),
    )


def _facts(keys: tuple[str, ...], source: str, catalogue: Catalogue) -> Iterator[FormField]:
    for key in keys:
        if key in catalogue.columns:
            name = key.replace(".", "_")[:60]
            yield FormField(key=name, fact=key, required="soft", why=source)


def _account() -> Section:
    why = "国家金库条例第十三条"
    return Section(
        key="payee",
        label="收款账户",
        label_en="Account to be paid into",
        help="户名须与企业名称一致。决定以电子方式送达，提交即为同意。",
        help_en="The holder must be the enterprise. Decisions are served electronically; handing in is the consent.",
        fields=(
            FormField(
                key=ACCOUNT[0], label="开户银行", label_en="Bank", type="text", why=why, most=120
            ),
            FormField(
                key=ACCOUNT[1],
                label="账号",
                label_en="Account number",
                type="text",
                pattern="[0-9 -]{8,40}",
                why=why,
                most=40,
            ),
        ),
    )


def keep_form(actor: Actor, item: Item) -> ContentVersion:
    """Return the version in force of an item's derived form, stored anew where it has changed."""
    form = derive_form(item)
    try:
        with transaction.atomic():
            return _keep(actor, item, form)
    except IntegrityError:  # somebody else began the same form at the same moment
        return _keep(actor, item, form)


def _keep(actor: Actor, item: Item, form: Form) -> ContentVersion:
    body = canonical_body(form)
    digest = digest_of(body)
    rows = ContentVersion.objects.select_for_update().filter(kind=FORM, key=form.key)
    current = rows.filter(is_current=True).first()
    if current is not None and current.digest == digest:
        return current
    if current is not None:
        ContentVersion.objects.filter(pk=current.pk).update(is_current=False)
    last = ContentVersion.objects.filter(kind=FORM, key=form.key).aggregate(n=Max("number"))["n"]
    made = ContentVersion.objects.create(
        kind=FORM,
        key=form.key,
        number=(last or 0) + 1,
        pack=PACK,
        digest=digest,
        body=body,
        valid_from=today(),
        loaded_at=now(),
    )
    record(
        "claims.form_derived",
        actor=actor.ref,
        subject=f"content:{FORM}:{form.key}",
        payload={"item": item.key, "number": made.number, "digest": digest},
    )
    return made
