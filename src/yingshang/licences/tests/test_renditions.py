"""Files of documents: set, sealed, read by others, made once, tried again, never made with a bad seal."""

import io
import re
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from yingshang.content.packs import read_packs
from yingshang.kernel.times import frozen, now
from yingshang.licences import authority, errors
from yingshang.licences.actions.copies import make_copy
from yingshang.licences.actions.renditions import retry_rendition, store_rendition
from yingshang.licences.actions.seals import (
    register_seal,
    resume_seal,
    revoke_seal,
    suspend_seal,
)
from yingshang.licences.declaring import DocumentField, DocumentTemplate, LicenceKind
from yingshang.licences.models import Rendition, Seal, SealUse
from yingshang.licences.permissions import RENDER
from yingshang.licences.renditions import CLAIM, MOST_ATTEMPTS, claim, list_due, make, read_file
from yingshang.licences.sealing import DIAMETER
from yingshang.licences.selectors import list_seal_uses_for, list_seals_for
from yingshang.licences.tasks import make_rendition, sweep_renditions
from yingshang.licences.tests.conftest import Town, store
from yingshang.licences.tests.samples import DECISIONS, LICENCES
from yingshang.parties.actors import system_actor
from yingshang.parties.models import Subject

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 2, 2, tzinfo=UTC)
A4_WIDTH = 595.3
POPPLER = shutil.which("pdfsig") and shutil.which("pdftotext")
needs_poppler = pytest.mark.skipif(
    not POPPLER, reason="pdfsig and pdftotext are not installed: apt-get install poppler-utils"
)


@pytest.fixture(autouse=True)
def clock(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
    with frozen(START) as moving:
        yield moving


@pytest.fixture
def sealed_town(town: Town) -> Town:
    """A town whose market bureau has an official seal."""
    register(town)
    return town


def keeper(town: Town, organ: str = "market"):
    return town.official("licences.manage_seals", organ=organ)


def register(town: Town, **more) -> Seal:
    given = {"organ": "market", "kind": "official", "custodian": "宋佳", **more}
    return register_seal(keeper(town, given["organ"]), **given)


def made(document: str) -> Rendition:
    """Do the task for a document and return its rendition."""
    rendition = Rendition.objects.get(document=document)
    make_rendition.func(rendition.pk)
    rendition.refresh_from_db()
    return rendition


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


@needs_poppler
def test_others_confirm_the_seal_and_read_the_chinese_text(sealed_town, tmp_path) -> None:
    licence = sealed_town.issue()
    assert made(licence.present.holder).state == "done"
    path = tmp_path / "licence.pdf"
    path.write_bytes(read_file(licence.present.holder))
    said = run("pdfsig", str(path))
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "演示" in said
    text = run("pdftotext", str(path), "-")
    for part in (licence.number, "甲公司", "创新路 10 号", "演示专用 无法律效力"):
        assert part.replace(" ", "") in text.replace(" ", "").replace("\n", "")
    assert "Title:           " + licence.number in run("pdfinfo", str(path))


@needs_poppler
@pytest.mark.one_database
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_one_flipped_byte_is_caught(sealed_town, tmp_path, share: float) -> None:
    decision = sealed_town.decide()
    made(decision.holder)
    content = bytearray(read_file(decision.holder))
    content[int(content.index(b"/Contents") * share)] ^= 1
    path = tmp_path / "altered.pdf"
    path.write_bytes(bytes(content))
    assert "Signature is Valid" not in run("pdfsig", str(path))


def test_the_certificate_hangs_below_the_root_and_says_what_it_is(sealed_town) -> None:
    seal = Seal.objects.get()
    certificate = x509.load_pem_x509_certificate(seal.certificate.encode())
    root = x509.load_pem_x509_certificate(authority.root_file().read_bytes())
    certificate.verify_directly_issued_by(root)
    for one in (certificate, root):
        assert "无法律效力" in one.subject.rfc4514_string()
    assert certificate.fingerprint(hashes.SHA256()).hex() == seal.fingerprint
    for path in (authority.key_file(seal.ref), authority.folder() / "authority.key"):
        assert path.stat().st_mode & 0o077 == 0


def test_pyhanko_itself_finds_the_signature_whole(sealed_town) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    decision = sealed_town.decide()
    made(decision.holder)
    reader = PdfFileReader(io.BytesIO(read_file(decision.holder)))
    signature = reader.embedded_signatures[0]
    trusted = ValidationContext(trust_roots=[_der(authority.root_certificate())])
    status = validate_pdf_signature(signature, trusted)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    x0, y0, x1, y1 = (float(side) for side in signature.sig_field["/Rect"])
    assert x1 - x0 == pytest.approx(DIAMETER * 72 / 25.4, abs=1)
    assert y1 - y0 == pytest.approx(DIAMETER * 72 / 25.4, abs=1)


def _der(certificate: x509.Certificate):
    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives.serialization import Encoding

    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


def invented(fields: tuple[DocumentField, ...]) -> dict:
    """Values of the right types for what nobody has written samples for."""
    by_type = {
        "text": "某项",
        "date": "2026-03-02",
        "money": 100,
        "number": 3,
        "list": ["一", "二"],
    }
    return {field.key: by_type[field.type] for field in fields}


@pytest.mark.long
@pytest.mark.one_database
def test_every_template_of_the_pack_is_set(town: Town) -> None:
    pack = next(
        p for p in read_packs(["government-services"]) if p.manifest.name == "government-services"
    )
    assert not pack.findings
    for one in pack.declared:
        if one.kind.name in ("document_template", "licence_kind"):
            body = one.value.model_dump(mode="json")
            if one.kind.name == "document_template":
                body["seal_kind"] = "official"
            store(one.kind.name, body)
    register(town)
    documents = []
    for one in pack.declared:
        key, value = one.value.key, one.value
        if isinstance(value, LicenceKind):
            fields = LICENCES.get(key) or invented(value.fields)
            documents.append(town.issue(kind=key, fields=fields).present.holder)
        elif isinstance(value, DocumentTemplate) and value.sort == "decision":
            fields = DECISIONS.get(key) or invented(value.fields)
            documents.append(town.decide(template=key, fields=fields).holder)
    assert len(documents) >= len(LICENCES) + len(DECISIONS)
    for document in documents:
        rendition = made(document)
        assert (rendition.state, rendition.error) == ("done", "")


def test_the_task_makes_a_file_once_and_writes_the_use_of_the_seal(sealed_town) -> None:
    licence = sealed_town.issue()
    first = made(licence.present.holder)
    again = made(licence.present.holder)
    assert first.sha256 == again.sha256
    use = SealUse.objects.get()
    assert (use.sha256, use.document, use.actor_name) == (
        first.sha256,
        licence.present.holder,
        "吴敏",
    )
    assert use.seal == Seal.objects.get()


def test_of_two_workers_one_keeps_its_file(sealed_town) -> None:
    decision = sealed_town.decide()
    rendition = Rendition.objects.get(document=decision.holder)
    worker = system_actor("licences-render", RENDER)
    one, other = make(rendition), make(rendition)
    kept = store_rendition(worker, rendition=rendition.pk, made=one)
    assert store_rendition(worker, rendition=rendition.pk, made=other).sha256 == kept.sha256
    assert SealUse.objects.count() == 1


def test_a_claimed_rendition_is_left_alone_until_its_worker_is_given_up(sealed_town, clock) -> None:
    decision = sealed_town.decide()
    pk = Rendition.objects.get(document=decision.holder).pk
    assert claim(pk)
    assert claim(pk) is None
    assert list_due() == []
    clock.set(now() + CLAIM * 2)
    assert list_due() == [pk]
    assert claim(pk)


def test_a_failure_is_told_tried_again_and_given_up(town: Town, clock) -> None:
    decision = town.decide()
    rendition = made(decision.holder)
    assert (rendition.state, rendition.attempts) == ("waiting", 1)
    assert "没有登记" in rendition.error
    assert sweep_renditions() == 0
    with pytest.raises(errors.RenditionWaiting):
        read_file(decision.holder)
    for _ in range(MOST_ATTEMPTS - 1):
        clock.set(Rendition.objects.get().next_try_at)
        assert sweep_renditions() == 1
        rendition = made(decision.holder)
    assert rendition.state == "failed"
    register(town)
    with pytest.raises(errors.RenditionMissing):
        retry_rendition(keeper(town, "health"), rendition=rendition.ref)
    retry_rendition(keeper(town), rendition=rendition.ref)
    assert made(decision.holder).state == "done"


@pytest.mark.one_database
def test_a_template_that_cannot_be_set_is_a_failure_with_typsts_words(sealed_town) -> None:
    broken = {**sealed_notice(), "source": "#nothing-of-this-name()"}
    store("document_template", broken)
    decision = sealed_town.decide()
    assert "nothing-of-this-name" in made(decision.holder).error


def sealed_notice() -> dict:
    from yingshang.licences.tests.conftest import NOTICE

    return NOTICE


SHEET = {
    "key": "food",
    "label": "食品经营许可证",
    "label_en": "Food-business licence",
    "sort": "licence",
    "source": '#licence(data, (("经营者", data.holder.name), ("场所", data.shown.place)), note: "末行")',
}


@needs_poppler
@pytest.mark.one_database
@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("甲公司", "许可项目：食品销售；餐饮服务。" * 60),
        ("甲公司", "许可项目：食品销售；餐饮服务。" * 400),
        ("A" * 120, "https://" + "a" * 300),
    ],
)
def test_however_much_stands_in_a_licence_nothing_covers_anything(
    sealed_town, tmp_path, name: str, place: str
) -> None:
    store("document_template", SHEET)
    Subject.objects.filter(pk=sealed_town.firms["甲"].pk).update(name=name)
    licence = sealed_town.issue(fields={"category": "2", "place": place})
    assert made(licence.present.holder).error == ""
    path = tmp_path / "licence.pdf"
    path.write_bytes(read_file(licence.present.holder))
    words = re.findall(
        r'xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<', run("pdftotext", "-bbox", str(path), "-")
    )
    assert max(float(right) for right, _low, _text in words) < A4_WIDTH - 11 / 25.4 * 72
    last = next(float(low) for _right, low, text in words if "末行" in text)
    (issuer,) = [float(low) for _right, low, text in words if text == "清江区市场监管局"]
    assert last < issuer - 10


@pytest.mark.one_database
def test_signs_that_no_font_has_are_named_and_the_document_is_made_all_the_same(
    sealed_town, tmp_path
) -> None:
    Subject.objects.filter(pk=sealed_town.firms["甲"].pk).update(name="𠮷野家한국餐饮店")
    licence = sealed_town.issue()
    rendition = made(licence.present.holder)
    assert (rendition.state, rendition.error) == ("done", "")
    assert licence.present.record["holder"]["name"] == "𠮷野家한국餐饮店"
    if POPPLER:
        path = tmp_path / "licence.pdf"
        path.write_bytes(read_file(licence.present.holder))
        text = run("pdftotext", str(path), "-").replace(" ", "")
        assert "〓野家〓〓餐饮店" in text
        assert "U+AD6D、U+D55C、U+20BB7" in text


@needs_poppler
@pytest.mark.one_database
def test_nothing_that_is_filled_in_is_read_as_typst(sealed_town, tmp_path) -> None:
    odd = '#eval("1+1") $x^2$ *b* _i_ @ref <l> `r` \\ #panic() //'
    store("document_template", SHEET)
    licence = sealed_town.issue(fields={"category": "2", "place": odd})
    assert made(licence.present.holder).error == ""
    path = tmp_path / "licence.pdf"
    path.write_bytes(read_file(licence.present.holder))
    text = run("pdftotext", str(path), "-").replace(" ", "").replace("\n", "")
    assert odd.replace(" ", "") in text


def test_a_suspended_revoked_or_ended_seal_refuses(town: Town, clock) -> None:
    seal = register(town, valid_to=date(2026, 11, 30))
    official = keeper(town)

    def reason() -> str:
        return made(town.decide().holder).error

    suspend_seal(official, seal=seal.ref, ground="保管人变动")
    assert "停用" in reason()
    resume_seal(official, seal=seal.ref, ground="已交接")
    assert reason() == ""
    clock.set(datetime(2026, 12, 1, 2, tzinfo=UTC))
    assert "有效期已满" in reason()
    clock.set(START)
    revoke_seal(official, seal=seal.ref, ground="机构改革")
    assert "已废止" in reason()
    assert SealUse.objects.count() == 1


def test_a_seal_suspended_while_the_file_was_made_refuses_too(sealed_town) -> None:
    decision = sealed_town.decide()
    rendition = Rendition.objects.get(document=decision.holder)
    ready = make(rendition)
    suspend_seal(keeper(sealed_town), seal=ready.seal.ref, ground="x")
    with pytest.raises(errors.NoUsableSeal):
        store_rendition(system_actor("x", RENDER), rendition=rendition.pk, made=ready)
    assert not SealUse.objects.exists()


def test_the_register_of_seals_and_its_refusals(town: Town) -> None:
    seal = register(town)
    with pytest.raises(errors.SealInPlace):
        register(town)
    with pytest.raises(errors.NotTheIssuer):
        register_seal(keeper(town, "health"), organ="market", kind="licence", custodian="x")
    with pytest.raises(errors.ValidityUnfit):
        register(town, kind="licence", valid_to=date(2020, 1, 1))
    official = keeper(town)
    with pytest.raises(errors.GroundMissing):
        suspend_seal(official, seal=seal.ref, ground="")
    with pytest.raises(errors.SealStateUnfit):
        resume_seal(official, seal=seal.ref, ground="x")
    with pytest.raises(errors.SealMissing):
        suspend_seal(keeper(town, "health"), seal=seal.ref, ground="x")
    revoke_seal(official, seal=seal.ref, ground="换章")
    assert register(town).ref != seal.ref


def test_the_use_log_is_seen_by_its_organ_and_auditors_and_stays(sealed_town) -> None:
    made(sealed_town.decide().holder)
    keepers = sealed_town.official("licences.read_seals")
    auditor = sealed_town.official("licences.audit_seals", organ="health")
    strangers = [
        sealed_town.official("licences.read_seals", organ="health"),
        sealed_town.official("licences.read"),
        sealed_town.holder(),
    ]
    assert list_seal_uses_for(keepers).count() == list_seal_uses_for(auditor).count() == 1
    assert not any(list_seal_uses_for(actor).exists() for actor in strangers)
    assert not any(list_seals_for(actor).exists() for actor in strangers)
    with pytest.raises(DatabaseError), transaction.atomic():
        SealUse.objects.update(sha256="0" * 64)


def test_a_file_that_was_altered_or_lost_is_not_handed_out(sealed_town) -> None:
    decision = sealed_town.decide()
    rendition = made(decision.holder)
    place = Path(default_storage.path(rendition.place))
    place.write_bytes(place.read_bytes() + b" ")
    with pytest.raises(errors.RenditionGone):
        read_file(decision.holder)
    place.unlink()
    with pytest.raises(errors.RenditionGone):
        read_file(decision.holder)


def test_a_seal_without_its_key_is_told(sealed_town) -> None:
    seal = Seal.objects.get()
    authority.key_file(seal.ref).chmod(0o644)
    assert "密钥不可用" in made(sealed_town.decide().holder).error
    authority.key_file(seal.ref).unlink()
    assert "密钥不可用" in made(sealed_town.decide().holder).error


@needs_poppler
def test_a_copy_shows_its_purpose_and_expiry_on_the_page(sealed_town, tmp_path) -> None:
    licence = sealed_town.issue()
    copy = make_copy(
        sealed_town.holder(),
        licence=licence.ref,
        purpose="办理银行开户",
        expires_on=date(2027, 1, 31),
    )
    assert made(copy.holder).state == "done"
    path = tmp_path / "copy.pdf"
    path.write_bytes(read_file(copy.holder))
    text = run("pdftotext", str(path), "-").replace(" ", "").replace("\n", "")
    assert "副本·仅用于办理银行开户·有效期至2027年1月31日" in text
    assert "Signature is Valid" in run("pdfsig", str(path))
