"""Trades by which a policy calls whom it means: ``餐饮、零售行业``, ``制造业企业``."""

import re
from collections.abc import Iterator
from typing import Final

from yingshang.domains.policies.extracting.lexicon import Lexicon

TRADE: Final = re.compile(
    r"(?P<list>[\u4e00-\u9fffA-Za-z]{2,12}(?:[、和及或][\u4e00-\u9fffA-Za-z]{2,10}){0,5})(?:等)?(?P<end>行业|产业|领域)(?:的|企业|内|相关|中|单位|经营|项目)?"
)


def trade_lists(
    text: str, start: int, end: int, lexicon: Lexicon
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield lists of trades with the words for them, where they stand for firms."""
    verbatim = [(s.start, s.end) for s in lexicon.find_said(text, start, end) if s.phrase.verbatim]
    for match in re.compile(
        r"[\u4e00-\u9fff（）]{1,9}?(?<!企)业(?!务|绩|主|态|人|者|园|链|化|发|创|园|技|余|内|界|集)"
    ).finditer(text, start, end):
        for cut in range(match.start(), match.end() - 1):
            if text[cut : match.end()] in lexicon.industries:
                verbatim.append((cut, match.end()))
                break
    for match in TRADE.finditer(text, start, end):
        at = match.start("list")
        for word in re.split(r"[、和及或]", match["list"]):
            bare = re.sub(r"^(?:从事|属于|符合|我区|本区|区内|重点|对|在)+", "", word)
            if 2 <= len(bare) <= 8 and not re.search(
                r"主导|重点|传统|新兴|相关|本|其他|上述|该|鼓励|淘汰|限制|同|行业|国家|优势", bare
            ):
                begin = text.find(bare, at, match.end())
                verbatim.append((begin, begin + len(bare)))
            at += len(word) + 1
    yield from _joined(text, _longest(verbatim), start, end)


def _longest(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for span in sorted(set(spans), key=lambda s: (s[0], -s[1])):
        if kept and span[0] < kept[-1][1]:
            continue
        kept.append(span)
    return kept


def _joined(
    text: str, spans: list[tuple[int, int]], start: int, end: int
) -> Iterator[tuple[int, int, list[str]]]:
    runs: list[list[tuple[int, int]]] = []
    for span in spans:
        if runs and re.fullmatch(r"(?:行业|产业|业)?[、和及或与]", text[runs[-1][-1][1] : span[0]]):
            runs[-1].append(span)
        else:
            runs.append([span])
    for run in runs:
        last = run[-1][1]
        tail = re.compile(
            r"(?:等)?(?:服务)?(?:行业|产业|领域)?(?:的)?(?:小微|中小|规上|民营|重点)?(?P<firm>企业|个体|单位|项目|经营者|商户|公司|绿色化|改造|技术改造)?"
        ).match(text, last, end)
        named = tail is not None and bool(tail["firm"] or re.search(r"行业|产业|领域", tail[0]))
        inside = re.search(
            r"(?:从事|属于|所属行业为|行业为|主营业务为|经营)[^，。；]{0,4}$",
            text[max(start, run[0][0] - 10) : run[0][0]],
        )
        if named or inside:
            stop = tail.end() if tail and tail["firm"] == "企业" else last
            yield run[0][0], stop, [text[a:b] for a, b in run]
