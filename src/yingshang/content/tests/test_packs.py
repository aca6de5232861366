"""What a person who writes packs is told, and what loading leaves behind."""

import pytest

from yingshang.content.actions import load_packs
from yingshang.content.errors import ContentNotLoaded, PackHasFindings
from yingshang.content.linting import lint_packs
from yingshang.content.models import ContentVersion
from yingshang.content.packs import PacksInCircle, UnknownPack
from yingshang.content.permissions import LOAD
from yingshang.content.selectors import current_declarations, declaration_of, get_current
from yingshang.content.tests.conftest import ROLE
from yingshang.content.yaml import BadYaml, read_documents
from yingshang.kernel.errors import Invalid
from yingshang.ledger.models import Entry
from yingshang.parties.actors import ANONYMOUS, NotPermitted, system_actor
from yingshang.parties.models import Role

LOADER = system_actor("tester", LOAD)


def test_scalars_are_what_they_look_like() -> None:
    (document,) = read_documents("on: yes\nat: 12:30\nn: 010\ni: 7\nf: 1.5\nb: true\nz:\n")
    assert document.value == {
        "on": "yes", "at": "12:30", "n": "010", "i": 7, "f": 1.5, "b": True, "z": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "“a”写了两次"),
        ("a:\n  - {b: 1, b: 2}\n", 2, "“b”写了两次"),
        ("a: !!python/object:os.system x\n", 1, "标签"),
        ("a: !x 1\n", 1, "标签"),
        ("a: [1, 2\nb: 3\n", 2, "写法有误"),
        ("a: 1\n\tb: 2\n", 2, "缩进请用空格"),
        ("d: 2026-02-30\n", 1, "day"),
    ],
)
def test_a_fault_in_the_text_is_named_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(BadYaml) as caught:
        read_documents(text)
    assert caught.value.params["line"] == line
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "code", "says"),
    [
        (ROLE.replace("label:", "lable:"), 1, "missing", "缺少 label"),
        (ROLE.replace("label:", "lable:"), 2, "extra_forbidden", "是不是 label"),
        (ROLE.replace("经办人", "12"), 2, "string_type", "应写文字"),
        (ROLE.replace("[content.load]", "x"), 4, "tuple_type", "列表"),
        (ROLE.replace("content.load", "content.laod"), 1, "unknown_permission", "content.laod"),
        (ROLE + "---\n" + ROLE, 6, "key_twice", "clerk"),
        ("- 1\n", 1, "model_type", "名称"),
    ],
)
def test_lint_says_where_and_what_to_write(packs, text: str, line: int, code: str, says: str):
    packs("one", roles__clerk=text)
    found = [f for f in lint_packs() if f.code == code]
    assert [(f.path, f.line, f.pack, f.kind) for f in found] == [
        ("content/one/roles/clerk.yaml", line, "one", "role")
    ]
    assert says in found[0].message


def test_a_folder_that_is_no_kind_and_a_key_in_two_packs_are_found(packs) -> None:
    packs("one", roles__clerk=ROLE)
    packs("two", requires=("one",), roles__clerk=ROLE, rolls__clerk=ROLE)
    assert {f.code for f in lint_packs(["two"])} == {"unknown_folder", "key_in_two_packs"}


def test_packs_that_are_not_there_or_go_round_are_refused(packs) -> None:
    packs("one", requires=("two",))
    packs("two", requires=("one",))
    with pytest.raises(UnknownPack, match="one、two"):
        lint_packs(["three"])
    with pytest.raises(PacksInCircle, match="one → two → one"):
        lint_packs(["one"])


def test_a_manifest_with_a_slip_is_named(packs) -> None:
    folder = packs("one")
    (folder / "pack.yaml").write_text("name: one\nlabel: x\nlabel_en: y\nrequire: [a]\n")
    with pytest.raises(Invalid, match=r"pack.yaml:4: 不认识 require，是不是 requires"):
        lint_packs()


@pytest.mark.django_db
def test_loading_stores_installs_and_records_and_again_changes_nothing(packs) -> None:
    packs("one", roles__clerk=ROLE)
    changes = load_packs(LOADER, names=("one",))
    assert [(c.kind, c.key, c.number) for c in changes] == [("role", "clerk", 1)]
    assert Role.objects.get().label == "经办人"
    assert Entry.objects.get().kind == "content.loaded"
    assert load_packs(LOADER, names=("one",)) == []
    assert (ContentVersion.objects.count(), Entry.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_change_makes_a_new_version_and_the_old_one_stays(packs) -> None:
    packs("one", roles__clerk=ROLE)
    load_packs(LOADER, names=("one",))
    packs("one", roles__clerk=ROLE.replace("经办人", "受理员"))
    load_packs(LOADER, names=("one",))
    assert get_current("role", "clerk").number == 2
    old = ContentVersion.objects.get(number=1)
    assert not old.is_current
    assert declaration_of(old).label == "经办人"
    packs("one", roles__clerk=ROLE)
    load_packs(LOADER, names=("one",))
    assert get_current("role", "clerk").number == 3


@pytest.mark.django_db
def test_declarations_in_force_are_those_of_now_and_their_bodies_are_read_once(
    packs, django_assert_num_queries
) -> None:
    folder = packs("one", roles__clerk=ROLE)
    load_packs(LOADER, names=("one",))
    assert [one.label for one in current_declarations("role").values()] == ["经办人"]
    with django_assert_num_queries(1):
        current_declarations("role")
    packs("one", roles__clerk=ROLE.replace("经办人", "受理员"))
    load_packs(LOADER, names=("one",))
    assert current_declarations("role")["clerk"].label == "受理员"
    (folder / "roles" / "clerk.yaml").unlink()
    load_packs(LOADER, names=("one",))
    assert current_declarations("role") == {}


@pytest.mark.django_db
def test_what_is_gone_from_its_pack_is_no_longer_current(packs) -> None:
    folder = packs("one", roles__clerk=ROLE)
    load_packs(LOADER, names=("one",))
    (folder / "roles" / "clerk.yaml").unlink()
    assert [c.number for c in load_packs(LOADER, names=("one",))] == [None]
    with pytest.raises(ContentNotLoaded):
        get_current("role", "clerk")
    assert ContentVersion.objects.count() == 1


@pytest.mark.django_db
def test_one_finding_and_nothing_is_loaded(packs) -> None:
    packs("one", roles__clerk=ROLE)
    packs("two", requires=("one",), roles__other=ROLE.replace("label:", "lable:"))
    with pytest.raises(PackHasFindings, match="lable"):
        load_packs(LOADER, names=("two",))
    assert not ContentVersion.objects.exists()


@pytest.mark.django_db
def test_loading_needs_the_permission(packs) -> None:
    packs("one", roles__clerk=ROLE)
    with pytest.raises(NotPermitted):
        load_packs(ANONYMOUS, names=("one",))
