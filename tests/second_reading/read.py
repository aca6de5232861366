"""The second reading: a reader for exactly five plan documents, sharing nothing with the parser.

It knows each document by the digest of its bytes and uses what a person saw in that document
(which rows of a table are shifted, which characters are broken). What it yields was compared with
the pages by eye; it is the yardstick of the parser and must never import it.
"""

from __future__ import annotations

import hashlib
import json
import re
from calendar import monthrange
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Record = dict[str, Any]

TRADITIONAL = (
    "來個備傳債價億償優兌內兩冊別則創劃動務勞勢勵匯匱區協參員問啟單嚴國圍園圓圖團執堅報場塊壓壘夠婦學實審將專對導層屬崗師帶幫"
    "廂廢廣廳強從復徹態應懲戶掛揚換揮擇擔據擴數斷時暢暫曉書會東條楊業極構樓標樣樹機檢權歸氣決況減測準溝溫滬滿濟濱為無煉熱營爭"
    "牽獎獨獲現環產異當疊發盡監眾確碼礎稅種稱積穩競節篩簡簽籌糾約納紓紙級紛細終組結絡給統經綜維網線編緩縮總織繞繪繳繼續罰聞聯"
    "職臺與興舉舊艦蓋薦藍蘇處號術補見規視親觸訂計訓記訟訪設許訴診評詢試認誠誰課調請諾證識議護讀變讓負財貫責貴買貸費貼貿資賠賣"
    "賦質賬購賽跡蹤車軌軟載輔輕輛輪輻轄轉辦農連進運過達違遞遠適選邊郵醫釘針銀銜銷鋒錄錯鍵鏈鐘鑒長門開間關陣陸陽隊階際隨險隱雙"
    "離難電靈鞏響頁項順預領頭頻題額類風養館饋駐驅驗體點"
)
SIMPLIFIED = (
    "来个备传债价亿偿优兑内两册别则创划动务劳势励汇匮区协参员问启单严国围园圆图团执坚报场块压垒够妇学实审将专对导层属岗师带帮"
    "厢废广厅强从复彻态应惩户挂扬换挥择担据扩数断时畅暂晓书会东条杨业极构楼标样树机检权归气决况减测准沟温沪满济滨为无炼热营争"
    "牵奖独获现环产异当叠发尽监众确码础税种称积稳竞节筛简签筹纠约纳纾纸级纷细终组结络给统经综维网线编缓缩总织绕绘缴继续罚闻联"
    "职台与兴举旧舰盖荐蓝苏处号术补见规视亲触订计训记讼访设许诉诊评询试认诚谁课调请诺证识议护读变让负财贯责贵买贷费贴贸资赔卖"
    "赋质账购赛迹踪车轨软载辅轻辆轮辐辖转办农连进运过达违递远适选边邮医钉针银衔销锋录错键链钟鉴长门开间关阵陆阳队阶际随险隐双"
    "离难电灵巩响页项顺预领头频题额类风养馆馈驻驱验体点"
)
TO_SIMPLIFIED = str.maketrans(TRADITIONAL, SIMPLIFIED)

READINGS = "qū|yè|jiān|fā|chuàng|tǒng|guī|yōu|lián|huán|xiàn|zhí|xù|xié|tài|wěn|jié|yǎng|yī"
"""The readings that stand in brackets after a character in the Yangpu paper."""

BROKEN_IN_YANGPU = {
    "專家?guī)旌椭俨脝T隊伍": "專家库和仲裁員隊伍",
    "高??萍汲晒D化基金": "高校科技成果轉化基金",
    "規(guī)?;腭v": "規模化入駐",
    "稅立方?2021": "稅立方·2021",
}
"""What each garbled run of bytes must have been; read before the readings in brackets go."""

GROUP_WORDS = ("各", "相关", "区内", "园区")
"""A unit whose name starts so stands for several organs and is resolved by a person."""


FRONT: dict[str, dict[str, str | None]] = {
    "金山区2021": {
        "title": "金山区持续优化营商环境行动计划",
        "issuer": "中共金山区委办公室、金山区人民政府办公室",
        "document_number": "金委办〔2021〕34号",
        "issued_on": "2021-05-19",
    },
    "金山区2022": {
        "title": "金山区聚焦“三个服务”全面推进一流营商环境建设行动方案",
        "issuer": "上海市金山区人民政府办公室",
        "document_number": "金府办发〔2022〕7号",
        "issued_on": "2022-03-17",
    },
    "杨浦区2021": {
        "title": "杨浦区加强改革系统集成持续深化国际一流营商环境建设行动方案",
        "issuer": None,
        "document_number": None,
        "issued_on": None,
    },
    "盐湖区2022": {
        "title": "盐湖区“十四五”营商环境建设规划",
        "issuer": "运城市盐湖区人民政府",
        "document_number": "运盐政发〔2022〕5号",
        "issued_on": "2022-03-02",
    },
    "嘉定区2025": {
        "title": "嘉定区聚焦提升企业感受持续打造国际一流营商环境行动方案",
        "issuer": "上海市嘉定区人民政府办公室",
        "document_number": None,
        "issued_on": "2025-01-26",
    },
}
"""Title, issuer, number and date as a person reads them from the front page, without blanks."""


def documents() -> dict[str, str]:
    """Map of SHA-256 digest to the key of a document, such as ``金山区2021``."""
    found: dict[str, str] = json.loads((HERE / "documents.json").read_text("utf-8"))
    return found


def find_documents(folder: Path) -> dict[str, Path]:
    """Files of `folder` that are known by their digest, by key."""
    keys = documents()
    digests = {
        p: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.is_file()
    }
    return {keys[d]: path for path, d in digests.items() if d in keys}


def read(key: str, raw: str) -> list[Record]:
    """All measures of the document `key`, in order, with whole texts."""
    return READERS[key](raw)


def units_of(names: list[str]) -> list[Record]:
    return [{"name": n, "group": n.startswith(GROUP_WORDS), "role": None} for n in names]


def measure(number: int, text: str, **fields: Any) -> Record:
    empty: Record = {
        "number": number,
        "chapter": None,
        "section": None,
        "action": None,
        "reform_item": None,
        "title": None,
        "text": text,
        "units": [],
        "due": None,
        "due_text": None,
        "starred": False,
    }
    return empty | fields


def until_stop(line: str) -> str:
    return line.split("。", 1)[0]


def read_lines(raw: str, *, titled: Callable[[int], bool]) -> list[Record]:
    """Line style: a chapter, sections in brackets, then numbered paragraphs with a unit tail.

    `titled` says of a number whether the paragraph opens with a title. A section ends with its
    chapter: some chapters have none.
    """
    found: list[Record] = []
    chapter = section = None
    for line in (each.strip() for each in raw.splitlines()):
        if head := re.match("[一二三四五六]、(.+)", line):
            chapter, section = head[1], None
        elif head := re.match(r"\([一二三四五六七八九十]+\)(.+)", line):
            section = until_stop(head[1])
        elif head := re.match(rf"{len(found) + 1}\.(?!\d)(.+)", line):
            found.append(read_paragraph(len(found) + 1, head[1], chapter, section, titled))
    return found


def read_paragraph(
    number: int, body: str, chapter: str | None, section: str | None, titled: Callable[[int], bool]
) -> Record:
    title, names = None, []
    if tail := re.search(r"\(责任(?:单位|部门):([^()]*)\)$", body):
        body, names = body[: tail.start()].rstrip(), tail[1].split("、")
    if titled(number):
        title, body = body.split("。", 1)
    return measure(
        number, body, chapter=chapter, section=section, title=title, units=units_of(names)
    )


def read_jinshan_2021(raw: str) -> list[Record]:
    return read_lines(raw, titled=lambda _: False)


def read_yangpu_2021(raw: str) -> list[Record]:
    for broken, whole in BROKEN_IN_YANGPU.items():
        assert raw.count(broken) == 1, broken
        raw = raw.replace(broken, whole)
    raw = re.sub(rf"\((?:{READINGS})\)", "", raw).translate(TO_SIMPLIFIED)
    raw = raw.replace("著力", "着力").replace("著眼", "着眼")
    raw = raw.replace("、区商务委等相关部门", "、区商务委、相关部门").replace("区团区委", "团区委")
    return read_lines(raw, titled=lambda n: 133 <= n <= 142)


def read_yanhu_2022(raw: str) -> list[Record]:
    cut = "行政运行机制。坚持\n\n  优化协同"
    assert raw.count(cut) == 1
    raw = raw.replace(cut, cut.replace("\n\n  ", ""))
    return read_lines(raw, titled=lambda _: True)


def read_jiading_2025(raw: str) -> list[Record]:
    return read_lines(raw, titled=lambda _: True)


CELLS_BY_EYE = {
    4: {"reform_item": 3, "text": 5, "units": 6, "due": 7},
    36: {"reform_item": 2, "text": 3, "units": 4, "due": 5},
    43: {"text": 3, "units": 4, "due": 5},
    48: {"text": 3, "units": 4, "due": 5},
    49: {"reform_item": 1, "text": 2, "units": 3, "due": 4},
    55: {"reform_item": 2, "text": 3, "units": 4, "due": 5},
    68: {"reform_item": 4, "text": 5, "units": 6},
    74: {"reform_item": 4, "text": 5, "units": 6},
}
"""Rows whose cells slid sideways: the cell in which each field stands."""
CELLS = {"chapter": 1, "action": 2, "reform_item": 3, "text": 4, "units": 5, "due": 6}


def read_jinshan_2022(raw: str) -> list[Record]:
    found: list[Record] = []
    part: Record = {"chapter": "", "action": "", "reform_item": ""}
    for line in raw.splitlines():
        if not (head := re.match(r"(\d+)(\*?)\t", line)):
            continue
        number, cells = int(head[1]), [cell.strip() for cell in line.split("\t")]
        row = {field: cells[at] for field, at in CELLS_BY_EYE.get(number, CELLS).items()}
        part = advance(part, row)
        due_text = row.get("due")
        found.append(
            measure(number, row["text"], **part, units=units_of(split_cell(row["units"])))
            | {"due": last_day_2022(due_text), "due_text": due_text, "starred": bool(head[2])}
        )
    found[47]["reform_item"] = found[48]["reform_item"]
    return found


def advance(part: Record, row: Record) -> Record:
    """The headings in force at `row`: a filled cell replaces, and a new action keeps its first name."""
    chapter = re.sub("^[一二三]、", "", row.get("chapter", "")) or part["chapter"]
    action = re.sub(r"^\([一二三四五六七八九]\)\s*", "", row.get("action", "")) or part["action"]
    if action == "开展园区公共配套提升行动":
        action = "开展园区公共配套提标行动"
    item = row.get("reform_item") or part["reform_item"]
    return {"chapter": chapter, "action": action, "reform_item": item}


def split_cell(cell: str) -> list[str]:
    if cell == "各镇、园区":
        return [cell]
    whole = cell.replace("相关 街镇", "相关街镇").replace(" (金融办)", "(金融办)")
    return re.split("[、 ]+", whole)


def last_day_2022(node: str | None) -> str | None:
    if not (month := re.fullmatch(r"(\d+)月", node or "")):
        return None
    last = monthrange(2022, int(month[1]))[1]
    return f"2022-{int(month[1]):02}-{last:02}"


READERS = {
    "金山区2021": read_jinshan_2021,
    "金山区2022": read_jinshan_2022,
    "杨浦区2021": read_yangpu_2021,
    "盐湖区2022": read_yanhu_2022,
    "嘉定区2025": read_jiading_2025,
}
