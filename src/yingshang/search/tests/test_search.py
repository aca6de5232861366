"""What is found, by whom, and what is shown of it; the same on both databases."""

import pytest

from yingshang.kernel.registry import UnknownName
from yingshang.parties.actors import ANONYMOUS, Actor, system_actor
from yingshang.search.finding import search_for, suggest_for
from yingshang.search.indexing import SEARCH_KINDS, index, remove, search_kind
from yingshang.search.words import words_of

pytestmark = pytest.mark.django_db
READER = system_actor("reader", "notes.read")


@pytest.fixture(autouse=True)
def notes():
    """Some notes, public unless their title says otherwise."""
    search_kind("note", "便笺")

    def put(ref: str, title: str, text: str = "", audience=("public",), face="portal") -> None:
        index("note", ref, title=title, text=text, url=f"/n/{ref}", face=face, audience=audience)

    put("1", "优化营商环境行动方案", "推行一业一证，开办企业1天办结。")
    put("2", "企业开办", "在G60科创走廊推广电子营业执照；环境整治。")
    put("3", "内部通报", "营商环境督查发现的问题", audience=("notes.read",))
    put("4", "街道台账", "营商环境专员名单", audience=("organ:7",))
    put("5", "工作台条目", "营商环境", face="desk", audience=("notes.read",))
    yield put
    SEARCH_KINDS._things.pop("note")


def refs(query: str, actor: Actor = ANONYMOUS, **more) -> set[str]:
    return {hit.ref for hit in search_for(actor, query, **more).hits}


def test_words_are_pairs_and_the_last_character() -> None:
    assert words_of("营商环境，Ａ1") == ["营商", "商环", "环境", "境", "a1"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("营商环境", {"1"}),
        ("营商", {"1"}),
        ("环", {"1", "2"}),
        ("照", {"2"}),
        ("证", {"1"}),
        ("开办企业", {"1"}),
        ("企业开办", {"2"}),
        ("企业 开办", {"1", "2"}),
        ("g60", {"2"}),
        ("Ｇ6", {"2"}),
        ("G60科创走廊", {"2"}),
        ("在G60", {"2"}),
        ("1天", {"1"}),
        ("照环境", set()),
        ("执照环境", set()),
        ("营环", set()),
        ("", set()),
        ("，。 ？", set()),
        ("'\" OR * -营商:*", set()),
        ("\x00", set()),
    ],
)
def test_a_query_finds_exactly_what_contains_it(query: str, expected: set[str]) -> None:
    assert refs(query) == expected


def test_nobody_finds_what_is_not_for_them() -> None:
    assert refs("营商环境", READER) == {"1", "3"}
    assert refs("营商环境", Actor(ref="a", organ_id=7)) == {"1", "4"}
    assert refs("营商环境", READER, face="desk") == {"5"}
    assert suggest_for(ANONYMOUS, "督查发现") == []


def test_a_hit_in_the_title_comes_first(notes) -> None:
    notes("6", "其他", "数字证书数字证书")
    notes("7", "数字证书", "说明")
    assert [hit.ref for hit in search_for(ANONYMOUS, "数字证书").hits] == ["7", "6"]


def test_the_hit_is_marked_in_its_surroundings(notes) -> None:
    notes("8", "长文", "前" * 200 + "容缺受理" + "后" * 200)
    (hit,) = search_for(ANONYMOUS, "容缺受理").hits
    assert [s.text for s in hit.snippet if s.marked] == ["容缺受理"]
    assert hit.snippet[0].text.startswith("…前")
    assert hit.snippet[-1].text.endswith("后…")


def test_indexing_again_replaces_and_removing_forgets(notes) -> None:
    notes("1", "改名", "别的内容")
    assert refs("营商环境") == set()
    assert refs("别的") == {"1"}
    remove("note", ["1", "unknown"], face="portal")
    assert refs("别的") == set()


def test_pages_say_whether_there_is_more(notes) -> None:
    for number in range(25):
        notes(f"p{number}", f"第{number}号公示", "公示")
    first = search_for(ANONYMOUS, "公示", limit=20)
    second = search_for(ANONYMOUS, "公示", limit=20, offset=20)
    assert (len(first.hits), first.more, len(second.hits), second.more) == (20, True, 5, False)
    assert not {h.ref for h in first.hits} & {h.ref for h in second.hits}


def test_kinds_narrow_the_search() -> None:
    assert refs("营商", kinds=["note"]) == {"1"}
    assert refs("营商", kinds=["other"]) == set()


def test_without_a_hit_shorter_queries_are_suggested() -> None:
    assert suggest_for(ANONYMOUS, "营商环境评价")[0] == "营商环境"
    assert suggest_for(ANONYMOUS, "一业一证 登月") == ["一业一证"]


def test_a_very_common_word_is_no_fault(notes) -> None:
    notes("9", "重复", "营商环境" * 3000)
    assert "9" in refs("营商环境")


def test_an_unregistered_kind_is_refused() -> None:
    with pytest.raises(UnknownName):
        index("nothing", "1", title="t", text="", url="/", face="portal", audience=("public",))
